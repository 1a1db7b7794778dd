import { COPIES_PREFIX } from './copies-prefix.ts';

/** `aB3xY9/of-lint/`: the end of the folder's name, and which of its copies. */
const REST = /[A-Za-z0-9]{6}\/[^/\s]+\//y;
const ENDS = /[\s:'"]/;
const SCHEME = 'file://';

/**
 * A text without the folder of the copy that a tool has looked at, which is another one each time. Takes no longer than
 * the text is long: tools quote whole files in their messages.
 */
export function withoutCopy(text: string): string {
  let out = '';
  let done = 0;
  for (;;) {
    const found = text.indexOf(COPIES_PREFIX, done);
    if (found < 0) return out + text.slice(done);
    REST.lastIndex = found + COPIES_PREFIX.length;
    const isCopy = REST.test(text);
    const end = isCopy ? REST.lastIndex : found + COPIES_PREFIX.length;
    out += text.slice(done, isCopy ? beginOf(text, found, done) : end);
    done = end;
  }
}

/** Where the path begins that `found` stands in. */
function beginOf(text: string, found: number, from: number): number {
  let at = found;
  while (at > from && !ENDS.test(text.charAt(at - 1))) at -= 1;
  const hasScheme = text.startsWith('//', at) && text.slice(0, at + 2).endsWith(SCHEME);
  return hasScheme && at - 5 >= from ? at - 5 : at;
}
