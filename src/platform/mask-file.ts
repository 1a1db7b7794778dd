/** Takes texts out of a file, wherever they stand in it, in the memory of a part of it. */
import { createReadStream, createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** As a whole or not at all. A file without any of them stays as it is. */
export async function maskFile(
  path: string,
  hidden: readonly string[],
  mask: string,
): Promise<void> {
  if (hidden.length === 0) return;
  // One character for each byte: what is no text stays as it was.
  const words = hidden.map((text) => Buffer.from(text).toString('latin1'));
  const masked = `${path}.masked`;
  await pipeline(
    createReadStream(path, { encoding: 'latin1' }) as AsyncIterable<string>,
    (chunks: AsyncIterable<string>) => replaced(chunks, words, mask),
    createWriteStream(masked, { encoding: 'latin1', mode: 0o600 }),
  );
  await rename(masked, path);
}

/** What may be the beginning of a word waits for what comes behind it. */
async function* replaced(
  chunks: AsyncIterable<string>,
  words: readonly string[],
  mask: string,
): AsyncGenerator<string> {
  const kept = Math.max(...words.map(({ length }) => length)) - 1;
  let waiting = '';
  for await (const chunk of chunks) {
    const text = words.reduce((all, word) => all.replaceAll(word, mask), waiting + chunk);
    const end = Math.max(0, text.length - kept);
    yield text.slice(0, end);
    waiting = text.slice(end);
  }
  yield waiting;
}
