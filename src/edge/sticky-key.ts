/** What a request brings by which its client stays with its release. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Assignment } from '../core/model/routing.ts';

/** Null when it brings nothing. */
export function stickyKeyOf(headers: IncomingHttpHeaders, { by, name }: Assignment): string | null {
  const value = by === 'cookie' ? cookieIn(headers.cookie, name) : headerIn(headers, name);
  return value === undefined || value === '' ? null : value;
}

/** The value of a header that may have come more than once. */
export function headerIn(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  return typeof value === 'object' ? value.join(', ') : value;
}

function cookieIn(cookies: string | undefined, name: string): string | undefined {
  if (cookies === undefined) return undefined;
  for (const pair of cookies.split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}
