/** Somebody who signs reports. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';

interface Signing {
  /** As in a `.pub` file, without a name. */
  readonly line: string;
  readonly signed: (text: string, changes?: { namespace?: string; over?: string }) => string;
}

const sized = (part: Buffer | string): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(part));
  return Buffer.concat([length, Buffer.from(part)]);
};
const strings = (...parts: readonly (Buffer | string)[]): Buffer => Buffer.concat(parts.map(sized));

/** As OpenSSH signs, with a key of its own. */
export function aSigner(): Signing {
  const { privateKey: key, publicKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const blob = strings('ssh-ed25519', raw);
  return {
    line: `ssh-ed25519 ${blob.toString('base64')}`,
    signed(text, { namespace = 'surefoot-report', over = text } = {}) {
      const hash = createHash('sha512').update(over).digest();
      const made = sign(
        null,
        Buffer.concat([Buffer.from('SSHSIG'), strings(namespace, '', 'sha512', hash)]),
        key,
      );
      const whole = Buffer.concat([
        Buffer.from('SSHSIG'),
        Buffer.from([0, 0, 0, 1]),
        strings(blob, namespace, '', 'sha512', strings('ssh-ed25519', made)),
      ]);
      return `${text}-----BEGIN SSH SIGNATURE-----\n${whole.toString('base64')}\n-----END SSH SIGNATURE-----\n`;
    },
  };
}
