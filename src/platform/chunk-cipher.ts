/**
 * The cipher of https://c2sp.org/chunked-encryption (v1) with SHA-256 and AES-256-GCM: a message in chunks of 16 KiB, of which
 * the last is shorter and so shows the end. A commitment in front shows a wrong key before anything is decrypted.
 */
import { createCipheriv, createDecipheriv, createHmac, createSecretKey } from 'node:crypto';

export const CHUNK_BYTES = 16_384;
export const SALT_BYTES = 24;
export const COMMITMENT_BYTES = 32;
export const TAG_BYTES = 16;
export const KEY_BYTES = 32;

const NONCE_BYTES = 12;
const LABEL = 'c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0';
/** 64 TiB, the least that the specification allows as a limit. */
const CHUNKS_MAX = 2 ** 32;

export interface ChunkCipher {
  /** Stands behind the salt in front of the chunks. */
  readonly commitment: Buffer;
  /** With its tag. `at`: counted from 0; each is used once. */
  readonly seal: (chunk: Buffer, at: number) => Buffer;
  /** Null of what was not sealed as just this chunk by this key. */
  readonly open: (sealed: Buffer, at: number) => Buffer | null;
}

/** `key`: random, and `salt` never twice with it. `context`: what the message belongs to; one of another opens nothing. */
export function chunkCipher(
  key: Buffer,
  { salt, context }: { readonly salt: Buffer; readonly context: string },
): ChunkCipher {
  const info = Buffer.concat([Buffer.from(LABEL), salt, Buffer.from(context)]);
  const derived = hkdfExpand(key, info, KEY_BYTES + NONCE_BYTES + COMMITMENT_BYTES);
  // Made once: to make one of bytes again takes longer than to encrypt a chunk.
  const chunkKey = createSecretKey(derived.subarray(0, KEY_BYTES));
  const baseNonce = derived.subarray(KEY_BYTES, KEY_BYTES + NONCE_BYTES);
  return {
    commitment: derived.subarray(KEY_BYTES + NONCE_BYTES),
    seal(chunk, at) {
      const cipher = createCipheriv('aes-256-gcm', chunkKey, nonceOf(baseNonce, at));
      return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, at) {
      const end = sealed.length - TAG_BYTES;
      if (end < 0) return null;
      const decipher = createDecipheriv('aes-256-gcm', chunkKey, nonceOf(baseNonce, at), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(sealed.subarray(end));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
      } catch {
        // Its only way to say so.
        return null;
      }
    },
  };
}

function nonceOf(base: Buffer, at: number): Buffer {
  if (at >= CHUNKS_MAX) throw new RangeError(`A message has at most ${CHUNKS_MAX} chunks.`);
  const nonce = Buffer.from(base);
  const end = NONCE_BYTES - 4;
  nonce.writeUInt32BE((nonce.readUInt32BE(end) ^ at) >>> 0, end);
  return nonce;
}

/** RFC 5869, section 2.3, with SHA-256; Node's own extracts, too. */
function hkdfExpand(key: Buffer, info: Buffer, bytes: number): Buffer {
  const blocks: Buffer[] = [];
  let last = Buffer.alloc(0);
  for (let at = 1; blocks.length * 32 < bytes; at += 1) {
    last = createHmac('sha256', key).update(last).update(info).update(Buffer.of(at)).digest();
    blocks.push(last);
  }
  return Buffer.concat(blocks).subarray(0, bytes);
}
