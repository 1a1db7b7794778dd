/** Reads a text whole, strictly: in UTF-8, and no longer than a limit. */
import { isUtf8 } from 'node:buffer';
import { operationalError } from '../core/operational-error.ts';

/** Throws `report-invalid`. A mark of the byte order is taken away. */
export async function readText(chunks: AsyncIterable<Buffer>, bytesMax: number): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > bytesMax) {
      throw operationalError('report-invalid', `It is longer than ${bytesMax} bytes.`);
    }
    parts.push(chunk);
  }
  const whole = Buffer.concat(parts);
  if (!isUtf8(whole)) throw operationalError('report-invalid', 'It is not in UTF-8.');
  return whole.toString('utf8').replace(/^\uFEFF/, '');
}
