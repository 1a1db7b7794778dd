/** Reads a segment of a running server's log that has ended, without the zeros behind what was written. */
import { open, stat, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { operationalError } from '../../../core/operational-error.ts';
import { isSystemError } from '../../../platform/is-system-error.ts';
import { HEADER_BYTES, walHeaderIn, walIdOf, type WalPlace } from './wal-segment.ts';

const PIECE_BYTES = 256 * 1024;

/** Throws `backup-unverifiable` for one that is not that one, or was taken for something else meanwhile. */
export async function* readWal(path: string, place: WalPlace): AsyncGenerator<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const { size, ino } = await file.stat();
      await checkIsThat(file, { path, place, size });
      const end = await writtenEnd(file, size);
      for (let at = 0; at < end; at += PIECE_BYTES) {
        yield await pieceAt(file, at, Math.min(PIECE_BYTES, end - at));
      }
      // A server that needs one no more renames it, and writes it anew.
      if ((await stat(path)).ino !== ino) throw notThat(path, 'was taken for another meanwhile');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw notThat(path, `cannot be read: ${error.message}`, error);
  }
}

async function checkIsThat(
  file: FileHandle,
  { path, place, size }: { readonly path: string; readonly place: WalPlace; readonly size: number },
): Promise<void> {
  const header = walHeaderIn(await pieceAt(file, 0, Math.min(HEADER_BYTES, size)));
  if (header?.bytes === size && walIdOf(header) === walIdOf(place)) return;
  const found = header ? `is ${walIdOf(header)} by what it says itself` : 'has no header of one';
  throw notThat(path, found);
}

/** One that ended early holds zeros from there on. */
async function writtenEnd(file: FileHandle, size: number): Promise<number> {
  const zeros = Buffer.alloc(PIECE_BYTES);
  let end = size;
  while (end > HEADER_BYTES) {
    const from = Math.max(0, end - PIECE_BYTES);
    const piece = await pieceAt(file, from, end - from);
    if (!piece.equals(zeros.subarray(0, piece.length))) {
      return from + piece.findLastIndex((byte) => byte !== 0) + 1;
    }
    end = from;
  }
  return end;
}

async function pieceAt(file: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const piece = Buffer.alloc(bytes);
  for (let read = 0; read < bytes;) {
    const { bytesRead } = await file.read(piece, read, bytes - read, at + read);
    if (bytesRead === 0) throw operationalError('backup-unverifiable', 'A segment was cut off.');
    read += bytesRead;
  }
  return piece;
}

function notThat(path: string, what: string, cause?: unknown): Error {
  const message = `The segment ${basename(path)} of the log ${what}.`;
  return operationalError('backup-unverifiable', message, { cause });
}
