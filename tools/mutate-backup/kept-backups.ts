/** Backups that were really taken and verified, to be mutated. */
import { randomBytes } from 'node:crypto';
import type { Backup } from '../../src/drivers/contract.ts';
import type { BackupPlace } from '../../src/engine/backup/backup-files.ts';
import type { KeyRing } from '../../src/engine/backup/key-ring.ts';
import { takeBackup, type BackupWork } from '../../src/engine/backup/take-backup.ts';
import { verifyBackup } from '../../src/engine/backup/verify-backup.ts';
import { KEY_BYTES } from '../../src/platform/chunk-cipher.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { keptFiles, type KeptFiles } from './kept-files.ts';

const SOURCE = 'production/newsroom/main';

/** The first is the one that is mutated. */
export const places = {
  first: { source: SOURCE, id: 'b1' },
  second: { source: SOURCE, id: 'b2' },
  /** Of something else, by the same id. */
  elsewhere: { source: 'production/newsroom/other', id: 'b1' },
  /** Nobody has tried it out. */
  taken: { source: SOURCE, id: 'b4' },
  failed: { source: SOURCE, id: 'b5' },
} as const satisfies Readonly<Record<string, BackupPlace>>;

export interface KeptBackups {
  readonly files: KeptFiles;
  readonly ring: KeyRing;
}

export function aRing(): KeyRing {
  return { keys: [{ id: 'k1', key: randomBytes(KEY_BYTES) }] };
}

export async function keptBackups(
  backup: Backup,
  wanted: readonly (keyof typeof places)[],
): Promise<KeptBackups> {
  const ring = aRing();
  const store = keptFiles(new Map());
  const { signal } = new AbortController();
  const work: BackupWork = {
    ...{ backup, store, ring, clock: systemClock, signal },
    noted: (_place, doIt) => doIt(),
    using: (_place, doIt) => doIt(),
  };
  for (const name of wanted) {
    await takeBackup(work, { ...places[name], driver: 'mutated' });
    const partsMin = name === 'failed' ? Infinity : 1;
    if (name !== 'taken') await verifyBackup(work, places[name], { partsMin, probe: null });
  }
  return { files: store.files, ring };
}
