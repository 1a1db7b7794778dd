/** Takes secrets out of a file, wherever and however they stand in it, in the memory of a part of it. */
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { hiddenSpans } from '../core/secrets/hidden-spans.ts';
import { secretWords, type SecretWords } from '../core/secrets/secret-words.ts';

/** As a whole or not at all. Whether there was any: a file without stays as it is. */
export async function maskFile(
  path: string,
  secretValues: readonly string[],
  mask: string,
): Promise<boolean> {
  // One character for each byte: what is no text stays as it was.
  const words = secretWords(secretValues, (piece) => Buffer.from(piece).toString('latin1'));
  if (words.lengthMax === 0) return false;
  let masks = 0;
  const masked = `${path}.masked`;
  await pipeline(
    createReadStream(path, { encoding: 'latin1' }) as AsyncIterable<string>,
    (chunks: AsyncIterable<string>) => maskedChunks(chunks, words, mask, () => (masks += 1)),
    createWriteStream(masked, { encoding: 'latin1', mode: 0o600 }),
  );
  if (masks > 0) await rename(masked, path);
  else await rm(masked);
  return masks > 0;
}

/** The same, however the text is cut into chunks. `onMasked`: told each time that there was one. */
export async function* maskedChunks(
  chunks: AsyncIterable<string>,
  words: SecretWords,
  mask: string,
  onMasked: () => void = () => undefined,
): AsyncGenerator<string> {
  let rest: Rest = { text: '', hidden: 0 };
  const put = (): string => {
    onMasked();
    return mask;
  };
  for await (const chunk of chunks) {
    const text = rest.text + chunk;
    // What begins later may be a longer one than can be seen yet.
    const decided = Math.max(0, text.length - words.lengthMax + 1);
    const { out, ...next } = maskedUntil(decided, { ...rest, text }, words, put);
    yield out;
    rest = next;
  }
  yield maskedUntil(rest.text.length, rest, words, put).out;
}

interface Rest {
  readonly text: string;
  /** So much of its beginning stands under the last mask. */
  readonly hidden: number;
}

function maskedUntil(
  decided: number,
  { text, hidden }: Rest,
  words: SecretWords,
  put: () => string,
): Rest & { readonly out: string } {
  let out = '';
  let done = hidden;
  for (const { start, end } of hiddenSpans(text, words, decided)) {
    if (start >= done) out += text.slice(done, start) + put();
    done = Math.max(done, end);
  }
  if (done < decided) out += text.slice(done, decided);
  return { out, text: text.slice(decided), hidden: Math.max(0, done - decided) };
}
