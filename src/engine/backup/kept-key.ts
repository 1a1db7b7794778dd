/** The keys for backups: those that people give, before those in the state directory; made where there is none. */
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KEY_BYTES } from '../../platform/chunk-cipher.ts';
import { unlessMissing } from '../../platform/unless-missing.ts';
import { writeFileAtomically } from '../../platform/write-file-atomically.ts';
import { keysInText, keysOfEnvironment, type HostEnvironment } from './configured-keys.ts';
import type { KeyRing } from './key-ring.ts';

export interface KeptKey {
  readonly ring: KeyRing;
  readonly path: string;
  /** It was made just now: without a copy elsewhere, backups are lost with this disk. */
  readonly isNew: boolean;
}

export async function keptKey(stateDirectory: string, host: HostEnvironment): Promise<KeptKey> {
  const path = join(stateDirectory, 'backup.key');
  const given = await keysOfEnvironment(host);
  const text = await unlessMissing(readFile(path, 'utf8'));
  const keys = [...given, ...(text === null ? [] : keysInText(text, `"${path}"`))];
  if (keys.length > 0) return { ring: ringOf(keys), path, isNew: false };
  const key = randomBytes(KEY_BYTES);
  writeFileAtomically(path, `${key.toString('hex')}\n`);
  return { ring: ringOf([key]), path, isNew: true };
}

/** Each is named by its digest: another key has another name. */
function ringOf(keys: readonly Buffer[]): KeyRing {
  const named = keys.map((key) => ({
    ...{ id: createHash('sha256').update(key).digest('hex').slice(0, 12), key },
  }));
  return { keys: named.filter(({ id }, at) => named.findIndex((other) => other.id === id) === at) };
}
