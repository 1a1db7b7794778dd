/** The headers and trailers that a client gets, made from what an endpoint sent. */
import { isHopByHop, namedByConnection } from './hop-by-hop.ts';

/** Fields that frame or route a message must not come after its body. */
const NO_TRAILERS: ReadonlySet<string> = new Set([
  ...['content-length', 'content-encoding', 'content-type', 'content-range', 'host', 'date'],
  ...['authorization', 'set-cookie', 'cache-control', 'expect', 'max-forwards', 'location'],
]);

export interface ReturnedHead {
  /** A flat list of names and values, as `writeHead` takes it. */
  readonly headers: string[];
  /** What the endpoint announced in `trailer`; the body must be chunked to carry it. */
  readonly trailer: string | null;
  readonly hasLength: boolean;
  /** It has no end of its own, and may be silent for as long as it likes. */
  readonly isStream: boolean;
}

export function returnedHead(rawHeaders: readonly Buffer[]): ReturnedHead {
  const headers: string[] = [];
  let trailer: string | null = null;
  let named: readonly string[] | null = null;
  let hasLength = false;
  let isStream = false;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = latin1(rawHeaders[index]);
    const value = latin1(rawHeaders[index + 1]);
    const lower = name.toLowerCase();
    if (lower === 'connection') named = [...(named ?? []), ...(namedByConnection(value) ?? [])];
    else if (lower === 'trailer') trailer = value;
    else if (!isHopByHop(lower)) {
      hasLength ||= lower === 'content-length';
      isStream ||= lower === 'content-type' && value.startsWith('text/event-stream');
      headers.push(name, value);
    }
  }
  if (named === null || named.length === 0) return { headers, trailer, hasLength, isStream };
  return { headers: withoutNamed(headers, named), trailer, hasLength, isStream };
}

/** As the limit counts them: names and values, with what parts them. */
export function headBytesOf(rawHeaders: readonly Buffer[]): number {
  let bytes = 0;
  for (const part of rawHeaders) bytes += part.length + 2;
  return bytes;
}

export function returnedTrailers(rawTrailers: readonly Buffer[]): [string, string][] {
  const trailers: [string, string][] = [];
  for (let index = 0; index < rawTrailers.length; index += 2) {
    const name = latin1(rawTrailers[index]);
    const lower = name.toLowerCase();
    if (isHopByHop(lower) || NO_TRAILERS.has(lower)) continue;
    trailers.push([name, latin1(rawTrailers[index + 1])]);
  }
  return trailers;
}

function withoutNamed(headers: readonly string[], named: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? '';
    if (!named.includes(name.toLowerCase())) kept.push(name, headers[index + 1] ?? '');
  }
  return kept;
}

function latin1(bytes: Buffer | undefined): string {
  return bytes === undefined ? '' : bytes.toString('latin1');
}
