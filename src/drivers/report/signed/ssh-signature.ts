/** Reads and verifies what `ssh-keygen -Y sign` writes: a signature over a namespace and a digest of the text. */
import { createHash, createPublicKey, verify } from 'node:crypto';

export interface SshSignature {
  /** The public key that made it, in base64, as SSH writes it. */
  readonly blob: string;
  readonly namespace: string;
}

const MAGIC = Buffer.from('SSHSIG');
const KIND = 'ssh-ed25519';
const VERSION = 1;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** Null of what is no signature of this text, or none by a key of Ed25519. */
export function verifiedSshSignature(armoured: string, text: Uint8Array): SshSignature | null {
  const fields = fieldsOf(armoured);
  if (fields === null) return null;
  const { key, namespace, reserved, hash, signature } = fields;
  if (hash !== 'sha512' && hash !== 'sha256') return null;
  const signed = Buffer.concat([
    MAGIC,
    ...[namespace, reserved, Buffer.from(hash), createHash(hash).update(text).digest()].map(sized),
  ]);
  const [keyKind, raw, ...moreOfKey] = stringsIn(key) ?? [];
  const [kind, made, ...moreOfMade] = stringsIn(signature) ?? [];
  if (keyKind?.toString() !== KIND || kind?.toString() !== KIND) return null;
  if (raw?.length !== KEY_BYTES || made?.length !== SIGNATURE_BYTES) return null;
  if (moreOfKey.length + moreOfMade.length > 0) return null;
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
    format: 'jwk',
  });
  if (!verify(null, signed, publicKey, made)) return null;
  return { blob: key.toString('base64'), namespace: namespace.toString() };
}

interface Fields {
  readonly key: Buffer;
  readonly namespace: Buffer;
  readonly reserved: Buffer;
  readonly hash: string;
  readonly signature: Buffer;
}

const ARMOUR =
  /^-----BEGIN SSH SIGNATURE-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END SSH SIGNATURE-----\s*$/;

function fieldsOf(armoured: string): Fields | null {
  const [, base64] = ARMOUR.exec(armoured) ?? [];
  const bytes = Buffer.from(base64 ?? '', 'base64');
  const begin = MAGIC.length + 4;
  if (bytes.length < begin || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  if (bytes.readUInt32BE(MAGIC.length) !== VERSION) return null;
  const strings = stringsIn(bytes.subarray(begin));
  if (strings?.length !== 5) return null;
  const [key, namespace, reserved, hash, signature] = strings;
  if (!key || !namespace || !reserved || !hash || !signature) return null;
  return { key, namespace, reserved, hash: hash.toString(), signature };
}

/** Each with its length before it; null unless they fill it to its end. */
function stringsIn(bytes: Buffer): readonly Buffer[] | null {
  const strings: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return null;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return null;
    strings.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return strings;
}

function sized(part: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  return Buffer.concat([length, part]);
}
