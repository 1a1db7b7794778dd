/**
 * Reads a configuration as one consistent whole: a file that is replaced or written while it is read
 * is read again, and anything that is no plain file of sane size is refused.
 */
import { constants, type BigIntStats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Finding, ProblemCode } from './config-problem.ts';

export const FILE_BYTES_MAX = 1024 * 1024;
const ATTEMPTS_MAX = 3;

export type FileContent =
  | { readonly kind: 'read'; readonly bytes: Buffer }
  | { readonly kind: 'refused'; readonly finding: Finding };

/** One reading, with what tells whether the file stayed the same meanwhile. */
export interface FileReading {
  readonly before: BigIntStats;
  readonly bytes: Buffer;
  readonly after: BigIntStats;
}

export async function readStableFile(
  path: string,
  readOnce: (path: string) => Promise<FileReading> = readWithStats,
): Promise<FileContent> {
  try {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const { before, bytes, after } = await readOnce(path);
      if (!before.isFile()) return refused('file-unreadable', notAPlainFile(before));
      if (before.size > FILE_BYTES_MAX) {
        const message = `is larger than ${FILE_BYTES_MAX} bytes; is it the right file?`;
        return refused('file-too-large', message);
      }
      if (isSame(before, after) && BigInt(bytes.length) === after.size) {
        return { kind: 'read', bytes };
      }
    }
  } catch (error) {
    return refused('file-unreadable', reasonOf(error));
  }
  const message = `changed each of the ${ATTEMPTS_MAX} times it was read; try again when it is written`;
  return refused('file-changing', message);
}

async function readWithStats(path: string): Promise<FileReading> {
  // Without O_NONBLOCK, opening a pipe would wait for a writer for ever.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const before = await handle.stat({ bigint: true });
    const isReadable = before.isFile() && before.size <= FILE_BYTES_MAX;
    if (!isReadable) return { before, bytes: Buffer.alloc(0), after: before };
    const buffer = Buffer.alloc(FILE_BYTES_MAX + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    // By name: a file that was replaced meanwhile has another inode.
    const after = await stat(path, { bigint: true });
    return { before, bytes: buffer.subarray(0, length), after };
  } finally {
    await handle.close();
  }
}

function isSame(left: BigIntStats, right: BigIntStats): boolean {
  return (
    left.dev === right.dev &&
    left.ino === right.ino &&
    left.size === right.size &&
    left.mtimeNs === right.mtimeNs &&
    left.ctimeNs === right.ctimeNs
  );
}

function notAPlainFile(stats: BigIntStats): string {
  if (stats.isDirectory()) return 'is a directory; name the file in it';
  if (stats.isFIFO()) return 'is a pipe; only a plain file can be read twice and compared';
  return 'is not a plain file';
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'does not exist; `surefoot init` writes one to start from';
    case 'ENOTDIR':
      return 'does not exist: a part of its path is not a directory';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read by this user';
    case 'ELOOP':
      return 'is a symbolic link that leads back to itself';
    case 'ENAMETOOLONG':
      return 'has a name that is too long';
    case 'ENXIO':
      return 'is not a plain file';
    default:
      if (error instanceof Error && (code !== undefined || error instanceof TypeError)) {
        return `cannot be read: ${error.message}`;
      }
      throw error;
  }
}

function refused(code: ProblemCode, message: string): FileContent {
  return { kind: 'refused', finding: { code, message, at: null, path: [] } };
}
