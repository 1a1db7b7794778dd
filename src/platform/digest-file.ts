/** The digest of a file's bytes, which may be many. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

export async function digestFile(
  path: string,
): Promise<{ readonly hex: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { hex: hash.digest('hex'), bytes };
}
