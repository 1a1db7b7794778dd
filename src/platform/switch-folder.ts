/**
 * Puts a folder in the place of another, which is kept under a name of its own, in two renames: Node has no way to exchange two
 * at once. Between them nothing is there for who asks for the path; who has it open already goes on in the one that is kept.
 * Which names there are says how far it has come, so that it can be finished or undone after a crash.
 */
import { lstat, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SwitchNames } from '../core/backup/switch-names.ts';
import { operationalError } from '../core/operational-error.ts';
import { syncDirectory } from './durable-file.ts';
import { isSystemError } from './is-system-error.ts';
import { removeFolder } from './remove-folder.ts';
import { unlessMissing } from './unless-missing.ts';

/** Which of them are there. */
export type FoundNames = Readonly<Record<keyof SwitchNames, boolean>>;

export async function foundNames(names: SwitchNames): Promise<FoundNames> {
  const isThere = async (path: string) => (await unlessMissing(lstat(path))) !== null;
  return {
    ...{ live: await isThere(names.live), restored: await isThere(names.restored) },
    ...{ kept: await isThere(names.kept), undone: await isThere(names.undone) },
  };
}

/** `out` and `home`: between the renames of a switch, or of the way back. */
export type FolderPhase = 'none' | 'out' | 'home' | 'switched';

export function folderPhase({ live, restored, kept, undone }: FoundNames): FolderPhase {
  // Somebody may have made an empty one anew while none was there.
  if (kept && restored) return 'out';
  if (kept && live) return 'switched';
  return kept && undone ? 'home' : 'none';
}

/** From `none`, with what was restored there: what is live is kept, and what was restored is live. */
export async function switchFolder(names: SwitchNames): Promise<void> {
  const { live } = await foundNames(names);
  if (live) await replace(names.live, { by: names.restored, keepAs: names.kept });
  else await moveTo(names.restored, names.live);
}

/** From each phase but `none`. What was restored is live then. */
export async function finishFolder(names: SwitchNames): Promise<void> {
  const phase = folderPhase(await foundNames(names));
  if (phase === 'out') await moveTo(names.restored, names.live);
  if (phase === 'home') await moveTo(names.undone, names.live);
}

/** From each phase. What was kept is live then; false when nothing was. */
export async function folderBack(names: SwitchNames): Promise<boolean> {
  const found = await foundNames(names);
  const phase = folderPhase(found);
  if (phase === 'switched') {
    if (found.undone) throw inTheWay(names.undone);
    await replace(names.live, { by: names.kept, keepAs: names.undone });
    return true;
  }
  if (found.kept) await moveTo(names.kept, names.live);
  await removeFolder(names.restored);
  return found.kept;
}

async function replace(
  live: string,
  { by, keepAs }: { readonly by: string; readonly keepAs: string },
): Promise<void> {
  try {
    await moveTo(live, keepAs);
    await moveTo(by, live);
  } catch (error) {
    const isAway = (await unlessMissing(lstat(live))) === null;
    if (isAway) await moveTo(keepAs, live);
    throw error;
  }
}

async function moveTo(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    const code = isSystemError(error) ? error.code : null;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') throw inTheWay(to);
    if (code !== 'EBUSY' && code !== 'EXDEV') throw error;
    const message = `"${from}" is a disk of its own, and cannot be renamed. Name a folder on it in \`path\`.`;
    throw operationalError('not-switched', message, { cause: error });
  }
  await syncDirectory(dirname(to));
}

export function inTheWay(path: string): Error {
  const message = `"${path}" is in the way. Look at what it holds, and move it away or remove it.`;
  return operationalError('not-switched', message);
}
