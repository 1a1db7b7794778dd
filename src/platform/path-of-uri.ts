/**
 * The path that a URI means, as people write it: without escapes, and without `.`. `..` stays, for a link may stand before it,
 * and so does what would become another part of the path: a file may really be called `a%2Fb`.
 */
export function pathOfUri(uri: string): string {
  const path = uri.replace(/^file:\/\//i, '');
  if (SCHEME.test(path)) return path;
  const [first = '', ...rest] = path.split('/');
  const parts = rest.filter((part) => part !== '.' && part !== '');
  const begin = first === '.' ? [] : [first];
  const end = path.length > 1 && path.endsWith('/') ? [''] : [];
  return [...begin, ...parts, ...end].map(decoded).join('/');
}

const SCHEME = /^[a-z][a-z0-9+.-]*:/i;

/** Tools write names as they are, too, in which a `%` need not escape anything. */
function decoded(part: string): string {
  if (!part.includes('%')) return part;
  try {
    const text = decodeURIComponent(part);
    return text.includes('/') || text === '..' || text === '.' ? part : text;
  } catch {
    // Its only way to say so.
    return part;
  }
}
