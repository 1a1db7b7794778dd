/** The digest of a file's bytes, which may be many. */
import { createHash } from 'node:crypto';
import { openPlainFile } from './open-plain-file.ts';

const FIRST_BYTES = 64 * 1024;
/** In larger pieces a large file is waited for less often. */
const PIECE_BYTES = 1024 * 1024;

/** Throws `config-invalid` for what is no file, and why `signal` was given. */
export async function digestFile(
  path: string,
  signal?: AbortSignal,
): Promise<{ readonly hex: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  const file = await openPlainFile(path);
  try {
    let piece = Buffer.allocUnsafe(FIRST_BYTES);
    let bytes = 0;
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(piece, 0, piece.length);
      if (bytesRead === 0) return { hex: hash.digest('hex'), bytes };
      hash.update(piece.subarray(0, bytesRead));
      bytes += bytesRead;
      if (bytesRead === FIRST_BYTES) piece = Buffer.allocUnsafe(PIECE_BYTES);
    }
  } finally {
    await file.close();
  }
}
