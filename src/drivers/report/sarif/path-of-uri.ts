/** The path that a URI of SARIF means, as people write it: without escapes, `.` and `..`. */
import { posix } from 'node:path';

export function pathOfUri(uri: string): string {
  const path = decoded(uri.replace(/^file:\/\//i, ''));
  return INDIRECT.test(path) && !SCHEME.test(path) ? posix.normalize(path) : path;
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
