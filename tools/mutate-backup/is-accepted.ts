/** Whether a backup that was changed is taken for what it was. */
import { OperationalError } from '../../src/core/operational-error.ts';
import type { Backup } from '../../src/drivers/contract.ts';
import type { BackupPlace } from '../../src/engine/backup/backup-files.ts';
import { listBackups } from '../../src/engine/backup/list-backups.ts';
import { openBackup } from '../../src/engine/backup/open-backup.ts';
import { restoreBackup } from '../../src/engine/backup/restore-backup.ts';
import type { BackupWork } from '../../src/engine/backup/take-backup.ts';
import { verifyBackup } from '../../src/engine/backup/verify-backup.ts';
import { systemClock } from '../../src/platform/clock.ts';
import type { Draw } from './draw.ts';
import type { KeptBackups } from './kept-backups.ts';
import { keptFiles } from './kept-files.ts';
import type { Mutation } from './mutations.ts';

const DRAWS_MAX = 100;

/** True: something was wrongly accepted. */
export async function isAccepted(
  { mutate, refused, place }: Mutation,
  {
    kept,
    backup,
    draw,
  }: { readonly kept: KeptBackups; readonly backup: Backup; readonly draw: Draw },
): Promise<boolean> {
  const work = workOn(changedBy(mutate, kept, draw), backup);
  if (refused !== 'restore' && (await isCalledVerified(work, place))) return true;
  if (refused === 'word') return false;
  return (await isRestored(work, place)) || (await isVerified(work, place));
}

/** The same of one that was not changed: then all of it must be had. */
export async function isHad(
  kept: KeptBackups,
  { backup, place }: { readonly backup: Backup; readonly place: BackupPlace },
): Promise<boolean> {
  const work = workOn(kept, backup);
  const isCalled = await isCalledVerified(work, place);
  return isCalled && (await isRestored(work, place)) && (await isVerified(work, place));
}

function workOn({ files, ring }: KeptBackups, backup: Backup): BackupWork {
  const { signal } = new AbortController();
  const store = keptFiles(files);
  return {
    ...{ backup, store, ring, clock: systemClock, signal },
    noted: (_place, doIt) => doIt(),
    using: (_place, doIt) => doIt(),
  };
}

/** What was drawn may leave it as it was: a part zeroed that was zero, the longest cut. */
function changedBy(mutate: Mutation['mutate'], kept: KeptBackups, draw: Draw): KeptBackups {
  for (let drawn = 0; drawn < DRAWS_MAX; drawn += 1) {
    const changed = mutate(kept, draw);
    if (changed.ring !== kept.ring || !isSame(changed, kept)) return changed;
  }
  throw new Error('A mutation changes nothing.');
}

function isSame({ files: one }: KeptBackups, { files: other }: KeptBackups): boolean {
  if (one.size !== other.size) return false;
  return [...one].every(([path, bytes]) => other.get(path)?.equals(bytes));
}

async function isCalledVerified(work: BackupWork, place: BackupPlace): Promise<boolean> {
  const listed = await listBackups(work, { source: place.source, ageMaxMs: Infinity });
  return listed.some(
    (one) => one.id === place.id && one.kind === 'readable' && one.state === 'VERIFIED',
  );
}

async function isRestored(work: BackupWork, place: BackupPlace): Promise<boolean> {
  return unlessRefused(async () => {
    const restored = await restoreBackup(work, await openBackup(work, place));
    await restored.remove();
    return true;
  });
}

async function isVerified(work: BackupWork, place: BackupPlace): Promise<boolean> {
  return unlessRefused(async () => {
    const { isPassed } = await verifyBackup(work, place, { partsMin: 1, probe: null });
    return isPassed || (await isCalledVerified(work, place));
  });
}

/** Anything else that is thrown is a fault of its own. */
async function unlessRefused(work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OperationalError) return false;
    throw error;
  }
}
