/** Reads the end of a file of lines from behind, so that a long log costs no more than what is asked. */
import { open } from 'node:fs/promises';

const BLOCK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

export interface LastLines {
  /** At most as many as asked, oldest first. */
  readonly lines: readonly string[];
  /** Where the last whole line ends; what lies behind it was torn by a crash. */
  readonly wholeBytes: number;
}

/** A file that does not exist has no lines. */
export async function readLastLines(path: string, count: number): Promise<LastLines> {
  let file;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { lines: [], wholeBytes: 0 };
    }
    throw error;
  }
  try {
    const { size } = await file.stat();
    let start = size;
    let text: Buffer = Buffer.alloc(0);
    // One newline more than lines: it is the one that ends the line before the first wanted one.
    while (start > 0 && countNewlines(text) <= count) {
      const length = Math.min(BLOCK_BYTES, start);
      start -= length;
      const block = Buffer.alloc(length);
      const { bytesRead } = await file.read(block, 0, length, start);
      text = Buffer.concat([block.subarray(0, bytesRead), text]);
    }
    const end = text.lastIndexOf(NEWLINE) + 1;
    const lines = end === 0 ? [] : text.toString('utf8', 0, end - 1).split('\n');
    return {
      lines: count === 0 ? [] : lines.slice(-count),
      wholeBytes: end === 0 ? 0 : start + end,
    };
  } finally {
    await file.close();
  }
}

function countNewlines(text: Buffer): number {
  let newlines = 0;
  for (let at = text.indexOf(NEWLINE); at !== -1; at = text.indexOf(NEWLINE, at + 1)) newlines += 1;
  return newlines;
}
