/** Requests that scanners of web applications tell of: where a finding is, and how much they show to be looked at. */
import type { Fact } from '../core/validation/fact.ts';

export interface SeenRequest {
  /** Null when the tool does not say. */
  readonly method: string | null;
  /** With or without host; what is no URL stays as it is. */
  readonly url: string;
  readonly parameter?: string;
}

/** `GET /search q`; a host of its own is left out, for it is that of a preview. */
export function placeOf({ method, url, parameter }: SeenRequest): string {
  const parsed = /^https?:\/\//.test(url) ? URL.parse(url) : null;
  const path = parsed ? `${parsed.pathname}${parsed.search}` : url;
  return [method, path, parameter]
    .filter((part) => part !== null && part !== '')
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
