/** Whether a dump has its last line: SQL that is cut off between two statements is read to its end without a word. */
import { open } from 'node:fs/promises';

const LAST_BYTES = 200;
const LAST_LINE = /\n-- Dump completed[^\n]*\n$/;

export async function isWholeDump(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const position = Math.max(0, size - LAST_BYTES);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(LAST_BYTES), position });
    return LAST_LINE.test(buffer.toString('latin1', 0, bytesRead));
  } finally {
    await file.close();
  }
}
