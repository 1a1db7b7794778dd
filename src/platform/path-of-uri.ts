/** The path that a URI means, as people write it: without escapes, and without `.` and `..` that are none. */
import { posix } from 'node:path';

export function pathOfUri(uri: string): string {
  const path = uri.replace(/^file:\/\//i, '');
  // Before it is decoded: a folder may really be called `%2e%2e`.
  return decoded(INDIRECT.test(path) && !SCHEME.test(path) ? posix.normalize(path) : path);
}

const INDIRECT = /(?:^|\/)\.{1,2}(?:\/|$)|\/\//;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;

/** Tools write names as they are, too, in which a `%` need not escape anything. */
function decoded(uri: string): string {
  if (!uri.includes('%')) return uri;
  try {
    return decodeURIComponent(uri);
  } catch {
    // Its only way to say so.
    return uri;
  }
}
