import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COPIES_PREFIX } from './copies-prefix.ts';

/** `aB3xY9/of-lint/`: the end of the folder's name, and which of its copies. */
const REST = /[A-Za-z0-9]{6}\/[^/\s]+\//y;
/** What stands before a path that is named in a text. */
const BEFORE = /[\s:'"(=]/;
const SCHEME = 'file://';

/**
 * A text without the folder of the copy that a tool has looked at, which is another one each time. Only where runs make their
 * copies, and only as the beginning of a path: what is checked may have a folder of such a name. Takes no longer than the
 * text is long: tools quote whole files in their messages.
 */
export function withoutCopy(text: string): string {
  const copies = join(tmpdir(), COPIES_PREFIX);
  let out = '';
  let done = 0;
  for (;;) {
    const found = text.indexOf(copies, done);
    if (found < 0) return out + text.slice(done);
    const from = hasScheme(text, found) ? found - SCHEME.length : found;
    REST.lastIndex = found + copies.length;
    const isCopy = (from === 0 || BEFORE.test(text.charAt(from - 1))) && REST.test(text);
    out += text.slice(done, isCopy ? from : found + copies.length);
    done = isCopy ? REST.lastIndex : found + copies.length;
  }
}

function hasScheme(text: string, at: number): boolean {
  return at >= SCHEME.length && text.slice(at - SCHEME.length, at).toLowerCase() === SCHEME;
}
