/**
 * The keys that backups are encrypted with: each has a random key of its own, which is wrapped by one of these. So a key
 * can be replaced without any backup being written anew.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { operationalError } from '../../core/operational-error.ts';

export interface KeyRing {
  /** The first wraps what is new; the others open what is older. */
  readonly keys: readonly WrappingKey[];
}

export interface WrappingKey {
  readonly id: string;
  /** 32 random bytes. */
  readonly key: Buffer;
}

export interface WrappedKey {
  /** Of the key that opens it. */
  readonly by: string;
  /** Nonce, key and tag, in base64. */
  readonly wrapped: string;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** `context`: what it is for; for nothing else it can be opened. */
export function wrapKey({ keys: [current] }: KeyRing, key: Buffer, context: string): WrappedKey {
  if (!current) throw operationalError('backup-key-missing', 'No key for backups is configured.');
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', current.key, nonce);
  cipher.setAAD(associatedWith(current.id, context));
  const sealed = Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
  return { by: current.id, wrapped: sealed.toString('base64') };
}

/** Throws `backup-key-missing` when it has not that key, `backup-damaged` for what that key has not wrapped for this. */
export function unwrapKey({ keys }: KeyRing, { by, wrapped }: WrappedKey, context: string): Buffer {
  const found = keys.find(({ id }) => id === by);
  if (!found) {
    const known = keys.map(({ id }) => id).join(', ') || 'none';
    const message = `It was encrypted by the key "${by}", and there is ${known}.`;
    throw operationalError('backup-key-missing', message);
  }
  const sealed = Buffer.from(wrapped, 'base64');
  const key = sealed.length === NONCE_BYTES + KEY_BYTES + TAG_BYTES && open(found, sealed, context);
  if (key) return key;
  const message = `Its key was changed, belongs to something else, or "${by}" is another key by now.`;
  throw operationalError('backup-damaged', message);
}

function open({ id, key }: WrappingKey, sealed: Buffer, context: string): Buffer | null {
  const end = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(associatedWith(id, context));
  decipher.setAuthTag(sealed.subarray(end));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, end)), decipher.final()]);
  } catch {
    // Its only way to say so.
    return null;
  }
}

/** Neither holds a NUL. */
function associatedWith(id: string, context: string): Buffer {
  return Buffer.from(`surefoot backup key 1\0${id}\0${context}`);
}
