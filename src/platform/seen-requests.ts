/** Requests that scanners of web applications tell of: where a finding is, and how much they show to be looked at. */
import type { Fact } from '../core/validation/fact.ts';
import { namedPlace, type FoundPlace } from '../core/validation/found-place.ts';

export interface SeenRequest {
  /** Null when the tool does not say. */
  readonly method: string | null;
  /** With or without host; what is no URL stays as it is. */
  readonly url: string;
  readonly parameter?: string;
}

/**
 * `GET /search?q=tea q`, and each of its names with the method and without: the path with what it asks, the path alone. A host
 * of its own is left out, for it is that of a preview.
 */
export function requestPlace({ method, url, parameter }: SeenRequest): FoundPlace {
  const parsed = /^https?:\/\//.test(url) ? URL.parse(url) : null;
  const asked = parsed ? `${parsed.pathname}${parsed.search}` : url;
  const both = [...new Set([asked, asked.replace(/[?#].*$/, '')])];
  const paths = both.filter((path) => path !== '');
  const place = namedPlace(
    inWords(method, asked, parameter),
    ...paths.map((path) => inWords(method, path)),
  );
  return { ...place, paths };
}

function inWords(...parts: readonly (string | null | undefined)[]): string {
  return parts
    .filter((part) => part !== null && part !== undefined && part !== '')
    .join(' ')
    .trim();
}

/** More of them are no more sure. */
const DISTINCT_MAX = 100_000;

export function noteRequest(seen: Set<string>, place: string): void {
  if (seen.size < DISTINCT_MAX) seen.add(place);
}

/**
 * What findings came from was looked at: so many requests at least, of a tool that does not say how many. Without any
 * it is not known, which is not the same as none.
 */
export function* coveredBySeen(seen: ReadonlySet<string>): Generator<Fact> {
  if (seen.size > 0) yield { kind: 'covered', unit: 'request', count: seen.size };
}
