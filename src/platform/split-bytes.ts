/**
 * Cuts a stream of bytes into pieces of one size, of which the last is shorter, and empty if need be: it always comes, so
 * that who gets it knows the end. A piece is valid until the next is asked for.
 */
export async function* splitBytes(
  source: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Buffer> {
  const piece = Buffer.alloc(size);
  let filled = 0;
  for await (const bytes of source) {
    let at = 0;
    while (at < bytes.length) {
      const taken = bytes.subarray(at, at + size - filled);
      piece.set(taken, filled);
      filled += taken.length;
      at += taken.length;
      if (filled < size) continue;
      yield piece;
      filled = 0;
    }
  }
  yield piece.subarray(0, filled);
}
