/** The headers that the edge sends to an endpoint, made from what the client sent. */
import type { IncomingMessage } from 'node:http';
import { isClaimed, isDisguisedClaim } from './claimed-headers.ts';
import { MIRROR_HEADER } from './mirror-header.ts';
import { isHopByHop, namedByConnection } from './hop-by-hop.ts';

const PROXY_NAME = 'surefoot';

/** A flat list of names and values, as undici takes it. */
export function forwardedHeaders(request: IncomingMessage): string[] {
  const { rawHeaders, socket } = request;
  const named = namesForOneConnection(request);
  const client = socket.remoteAddress ?? 'unknown';
  const isTrusted = isLoopback(client);
  const headers: string[] = [];
  let forwardedFor = client;
  let via = `${request.httpVersion} ${PROXY_NAME}`;
  let proto = 'http';
  let host = request.headers.host;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const value = rawHeaders[index + 1] ?? '';
    const lower = name.toLowerCase();
    if (named?.includes(lower) === true || isDisguisedClaim(lower)) continue;
    if (lower === 'te') {
      if (/\btrailers\b/i.test(value)) headers.push('te', 'trailers');
    } else if (lower === 'x-forwarded-for') forwardedFor = joinList(value, forwardedFor);
    else if (lower === 'via') via = joinList(value, via);
    else if (!isTrusted && isClaimed(lower)) continue;
    else if (lower === 'x-forwarded-proto') proto = value;
    else if (lower === 'x-forwarded-host') host = value;
    else if (lower !== 'expect' && lower !== MIRROR_HEADER && !isHopByHop(lower)) {
      headers.push(name, value);
    }
  }
  headers.push('x-forwarded-for', forwardedFor, 'x-forwarded-proto', proto, 'via', via);
  if (host !== undefined) headers.push('x-forwarded-host', host);
  return headers;
}

/** Whether a terminator in front, on this machine, says that the client came to it by TLS. */
export function cameByTls({ headers, socket }: IncomingMessage): boolean {
  return headers['x-forwarded-proto'] === 'https' && isLoopback(socket.remoteAddress ?? 'unknown');
}

function namesForOneConnection(request: IncomingMessage): readonly string[] | null {
  const { connection } = request.headers;
  return connection === undefined ? null : namedByConnection(connection);
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1' || address.startsWith('::ffff:127.');
}

function joinList(before: string, after: string): string {
  return `${before}, ${after}`;
}
