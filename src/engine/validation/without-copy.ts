/** `of-lint/`: which of the copies. */
const COPY = /[^/\s]+\//y;
const SCHEME = 'file://';

/**
 * A text without the folder of the copy that a tool has looked at, which is another one each time. `madeIn`: those of that
 * run, by whose random names nothing else is called. Takes no longer than the text is long: tools quote whole files in their
 * messages.
 */
export function withoutCopy(text: string, madeIn: readonly string[]): string {
  return madeIn.reduce(withoutFolder, text);
}

function withoutFolder(text: string, folder: string): string {
  let out = '';
  let done = 0;
  for (;;) {
    const found = text.indexOf(`${folder}/`, done);
    if (found < 0) return out + text.slice(done);
    const from = beginsByScheme(text, found) ? found - SCHEME.length : found;
    COPY.lastIndex = found + folder.length + 1;
    const isCopy = COPY.test(text);
    out += text.slice(done, isCopy ? from : found + folder.length);
    done = isCopy ? COPY.lastIndex : found + folder.length;
  }
}

function beginsByScheme(text: string, at: number): boolean {
  return at >= SCHEME.length && text.slice(at - SCHEME.length, at).toLowerCase() === SCHEME;
}
