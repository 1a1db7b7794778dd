/** The key for backups that Surefoot makes where nobody gives it one: in its state directory, for its owner alone. */
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { operationalError } from '../../core/operational-error.ts';
import { KEY_BYTES } from '../../platform/chunk-cipher.ts';
import { unlessMissing } from '../../platform/unless-missing.ts';
import { writeFileAtomically } from '../../platform/write-file-atomically.ts';
import type { KeyRing } from './key-ring.ts';

export interface KeptKey {
  readonly ring: KeyRing;
  readonly path: string;
  /** It was made just now: without a copy elsewhere, backups are lost with this disk. */
  readonly isNew: boolean;
}

export async function keptKey(stateDirectory: string): Promise<KeptKey> {
  const path = join(stateDirectory, 'backup.key');
  const found = await unlessMissing(readFile(path, 'utf8'));
  if (found === null) {
    const key = randomBytes(KEY_BYTES);
    writeFileAtomically(path, `${key.toString('hex')}\n`);
    return { ring: ringOf(key), path, isNew: true };
  }
  if (!/^[0-9a-f]{64}\n?$/.test(found)) {
    const message = `"${path}" is no key: it must hold 64 hexadecimal digits, as they were written.`;
    throw operationalError('backup-key-missing', message);
  }
  return { ring: ringOf(Buffer.from(found.trim(), 'hex')), path, isNew: false };
}

/** Named by its digest: another key has another name. */
function ringOf(key: Buffer): KeyRing {
  return { keys: [{ id: createHash('sha256').update(key).digest('hex').slice(0, 12), key }] };
}
