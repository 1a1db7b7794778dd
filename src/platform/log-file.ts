/**
 * Log files that processes write to by themselves. They are capped by copying and truncating, never
 * by renaming: a process that outlives its keeper goes on writing to the file it has open.
 */
import { constants } from 'node:fs';
import { copyFile, open, stat, truncate, type FileHandle } from 'node:fs/promises';

const TAIL_BYTES_MAX = 64 * 1024;
export const LOG_BYTES_MAX = 10 * 1024 * 1024;

/** Opens for appending with mode 0600, after capping what is there. The caller closes it. */
export async function openLogFile(path: string): Promise<FileHandle> {
  await capLogFile(path, LOG_BYTES_MAX);
  return await open(path, constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY, 0o600);
}

/** Moves the content to `<path>.1` when it is larger than `bytesMax`; a missing file is fine. */
export async function capLogFile(path: string, bytesMax: number): Promise<void> {
  if ((await sizeOf(path)) <= bytesMax) return;
  await copyFile(path, `${path}.1`);
  await truncate(path);
}

/** The last lines, from byte `from` on; empty when there is no such file. */
export async function readLogTail(
  path: string,
  options: { readonly lines: number; readonly from?: number },
): Promise<readonly string[]> {
  const size = await sizeOf(path);
  const from = options.from ?? 0;
  // A file smaller than the mark was truncated since: all of it is new.
  const start = Math.max(size < from ? 0 : from, size - TAIL_BYTES_MAX);
  if (size === 0 || size === start) return [];
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read({
      buffer: Buffer.alloc(size - start),
      position: start,
    });
    const text = buffer.subarray(0, bytesRead).toString('utf8').trimEnd();
    return text === '' ? [] : text.split('\n').slice(-options.lines);
  } finally {
    await file.close();
  }
}

export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}
