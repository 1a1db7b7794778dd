/** The lines of what a program prints; one without end comes in parts, and no secret is cut in two. */
import { StringDecoder } from 'node:string_decoder';
import { hiddenSpans } from '../core/secrets/hidden-spans.ts';
import { secretWords, type SecretWords } from '../core/secrets/secret-words.ts';

export const LINE_CHARACTERS_MAX = 64 * 1024;

export async function* boundedLines(
  chunks: AsyncIterable<Buffer>,
  secretValues: readonly string[],
): AsyncGenerator<string> {
  const words = secretWords(secretValues);
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of chunks) {
    const text = rest + decoder.write(chunk);
    // What ends in it may end with two characters, of which the second is yet to come.
    const open = text.endsWith('\r') ? '\r' : '';
    const lines = text.slice(0, text.length - open.length).split(LINE_END);
    rest = (lines.pop() ?? '') + open;
    for (const line of lines) yield* partsOf(line, words);
    while (rest.length > LINE_CHARACTERS_MAX + words.lengthMax) {
      const end = cutOf(rest, words);
      yield rest.slice(0, end);
      rest = rest.slice(end);
    }
  }
  rest += decoder.end();
  if (rest !== '') yield* partsOf(rest.replace(/\r$/, ''), words);
}

const LINE_END = /\r\n|[\n\r\u2028\u2029]/;

function* partsOf(line: string, words: SecretWords): Generator<string> {
  let rest = line;
  while (rest.length > LINE_CHARACTERS_MAX) {
    const end = cutOf(rest, words);
    yield rest.slice(0, end);
    rest = rest.slice(end);
  }
  yield rest;
}

/** Where a part ends: before a secret that would be cut in two, or behind one that is longer than a part. */
function cutOf(text: string, words: SecretWords): number {
  const seen = text.slice(0, LINE_CHARACTERS_MAX + words.lengthMax);
  const across = hiddenSpans(seen, words, LINE_CHARACTERS_MAX).at(-1);
  if (across && across.end > LINE_CHARACTERS_MAX) {
    return across.start > 0 ? across.start : across.end;
  }
  const isInPair = /[\uD800-\uDBFF]/.test(text.charAt(LINE_CHARACTERS_MAX - 1));
  return isInPair ? LINE_CHARACTERS_MAX - 1 : LINE_CHARACTERS_MAX;
}
