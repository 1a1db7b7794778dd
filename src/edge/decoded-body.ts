/** A compressed body as what it says: two servers may compress the same in different ways. */
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib';

/** A small body that becomes a huge one is compared as it came. */
const limits = { maxOutputLength: 1024 * 1024 };

const decoders: Readonly<Record<string, (bytes: Buffer) => Promise<Buffer>>> = {
  gzip: (bytes) => promisify(gunzip)(bytes, limits),
  'x-gzip': (bytes) => promisify(gunzip)(bytes, limits),
  deflate: (bytes) => promisify(inflate)(bytes, limits),
  br: (bytes) => promisify(brotliDecompress)(bytes, limits),
  zstd: (bytes) => promisify(zstdDecompress)(bytes, limits),
};

/** Works off this thread. What cannot be decoded stays as it is. */
export async function decodedBody(encoding: string, bytes: Buffer): Promise<Buffer> {
  const decode = decoders[encoding.trim().toLowerCase()];
  if (decode === undefined || bytes.length === 0) return bytes;
  try {
    return await decode(bytes);
  } catch {
    // Broken, or too much: the bytes themselves are compared then.
    return bytes;
  }
}
