/**
 * Gives a client the cookie by which it stays with its release, but never on an answer that a cache may
 * hand to others: they would all become one client, and the split would be theirs.
 */

/** What only the owner of the client may keep, or nobody. */
const IS_PRIVATE = /(?:^|,)\s*(?:private|no-store)\s*(?:,|$)/i;
/** What says that others may keep it. */
const IS_SHARED = /(?:^|,)\s*(?:public|s-maxage\s*=|max-age\s*=\s*"?0*[1-9])/i;
const NOT_MODIFIED = 304;

export interface NewCookie {
  readonly name: string;
  readonly value: string;
  /** The client came by TLS. */
  readonly isSecure: boolean;
}

/** Adds it to the flat list of names and values, or leaves the list as it is. */
export function addStickyCookie(headers: string[], statusCode: number, cookie: NewCookie): void {
  // It would change what is kept already.
  if (statusCode === NOT_MODIFIED) return;
  let control: string | null = null;
  for (let index = 0; index < headers.length; index += 2) {
    const value = headers[index + 1] ?? '';
    const name = headers[index]?.toLowerCase();
    if (name === 'cache-control') control = control === null ? value : `${control}, ${value}`;
    // Alone it says that the answer may be kept; beside cache-control it says nothing.
    else if (name === 'expires') control ??= '';
    else if (name === 'set-cookie' && value.trimStart().startsWith(`${cookie.name}=`)) return;
  }
  if (!IS_PRIVATE.test(control ?? '')) {
    if (control === '' || IS_SHARED.test(control ?? '')) return;
    headers.push('cache-control', 'private');
  }
  headers.push('set-cookie', textOf(cookie));
}

/** Without an end, so that it goes with the client's session. */
function textOf({ name, value, isSecure }: NewCookie): string {
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
}
