/** Takes a backup: streamed from its driver through encryption into its store, in the memory of a few pieces. */
import type { Backup } from '../../drivers/contract.ts';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import type { BackupPlace } from './backup-files.ts';
import type { KeyRing } from './key-ring.ts';
import type { Noted } from './noted-work.ts';
import type { Using } from './backup-uses.ts';
import type { BackupManifest } from './manifest.ts';
import { storeSealed } from './store-sealed.ts';

export interface BackupWork {
  readonly backup: Backup;
  readonly store: BlobStore;
  readonly ring: KeyRing;
  readonly clock: Clock;
  /** Has it cleared by who comes next what work leaves in the store when it is killed. */
  readonly noted: Noted;
  /** Nobody removes it meanwhile. */
  readonly using: Using;
  /** Ends it; nothing is left then. */
  readonly signal: AbortSignal;
}

/** Resolves when all of it survives a crash. A crash before leaves something without a manifest, which is none. */
export function takeBackup(work: BackupWork, of: TakenOf): Promise<BackupManifest> {
  return work.noted(of, () => takeNow(work, of));
}

type TakenOf = BackupPlace & { readonly driver: string };

async function takeNow(work: BackupWork, of: TakenOf): Promise<BackupManifest> {
  const { backup, clock, signal } = work;
  // What it holds is at least as new.
  const takenAt = new Date(clock.wallMs()).toISOString();
  const taken = await backup.take({ signal });
  try {
    return await storeSealed(work, of, {
      content: taken.content,
      async describe() {
        const parts = [...(await taken.parts())];
        const logStart = taken.logStart?.();
        const { server } = taken;
        return { driver: of.driver, takenAt, server, parts, ...(logStart && { logStart }) };
      },
    });
  } finally {
    await taken.close();
  }
}
