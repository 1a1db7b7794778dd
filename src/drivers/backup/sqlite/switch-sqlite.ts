/**
 * Puts a restored database in the place of the one that is backed up. A second name is made for that first, then the other file
 * takes over its name in one step: whoever opens it finds the old one or the new one, at each moment.
 */
import { link, lstat, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathSwitchNames, type SwitchNames } from '../../../core/backup/switch-names.ts';
import { operationalError } from '../../../core/operational-error.ts';
import { syncDirectory } from '../../../platform/durable-file.ts';
import { livePlace } from '../../../platform/live-place.ts';
import { openersOf } from '../../../platform/openers-of.ts';
import { ownAs } from '../../../platform/own-as.ts';
import { foundNames, inTheWay } from '../../../platform/switch-folder.ts';
import { syncFile } from '../../../platform/sync-folder.ts';
import { unlessMissing } from '../../../platform/unless-missing.ts';
import type { Beside, Switching, SwitchState } from '../../contract.ts';
import { holdingSqlite, isInWalMode, setWalMode } from './hold-sqlite.ts';
import { sqliteFaults, sqliteParts, writeSqlite } from './restore-sqlite.ts';

const BESIDE = ['-wal', '-shm', '-journal'];

export function switchSqlite(path: string): Switching {
  const namesOf = async (id: string) => pathSwitchNames(await livePlace(path), id);
  return {
    async state(id): Promise<SwitchState> {
      const names = await namesOf(id);
      return { kind: (await isSwitched(names)) ? 'switched' : 'none', names };
    },
    async live({ signal }) {
      const found = await foundNames(await namesOf(''));
      return found.live ? sqliteParts(path, signal) : null;
    },
    async users() {
      return usersOf([await livePlace(path)]);
    },
    async restoreBeside(content, id, { signal }) {
      return restoreBeside(content, await namesOf(id), signal);
    },
    // Nothing is ever between.
    finish: () => Promise.resolve(),
    async back(id) {
      const names = await namesOf(id);
      const { live, kept } = names;
      if (!(await isThere(live)) && (await isThere(kept))) {
        await takeName(kept, live);
        return true;
      }
      if (await isSwitched(names)) {
        if (await isThere(names.undone)) {
          if (!(await isSame(names.live, names.undone))) throw inTheWay(names.undone);
          await rm(names.undone);
        }
        const isWal = await isAnyInWalMode([names.live, names.kept]);
        await replace(names.live, { by: names.kept, keepAs: names.undone, isWal });
        return true;
      }
      await removeDatabase(names.restored);
      if (await isSame(live, kept)) await rm(kept);
      return false;
    },
  };
}

async function restoreBeside(
  content: AsyncIterable<Uint8Array>,
  names: SwitchNames,
  signal: AbortSignal,
): Promise<Beside> {
  const { live, kept, restored } = names;
  const remove = (): Promise<void> => removeDatabase(restored);
  if (await isSwitched(names)) throw inTheWay(kept);
  if (!(await isThere(live))) await refuseLeftLogs(live);
  // One that was broken off may have taken it from the live one.
  const isWal = await isAnyInWalMode([live, restored]);
  await remove();
  try {
    await writeSqlite(content, restored, signal);
    if (await isThere(live)) await ownAs(restored, await lstat(live));
    await syncFile(restored);
    await syncDirectory(dirname(restored));
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    ...{ remove, parts: () => sqliteParts(restored, signal) },
    faults: () => Promise.resolve(sqliteFaults(restored)),
    async switchIn() {
      if (await isThere(live)) await replace(live, { by: restored, keepAs: kept, isWal });
      else await takeName(restored, live);
    },
  };
}

interface Replacement {
  readonly by: string;
  readonly keepAs: string;
  readonly isWal: boolean;
}

async function replace(live: string, { by, keepAs, isWal }: Replacement): Promise<void> {
  if (await isSame(live, keepAs)) await rm(keepAs);
  await refuseUsers([live, by]);
  // What lies beside it from a look at it is in the file then.
  await holdingSqlite(by, () => Promise.resolve());
  if (isWal) setWalMode(by);
  await syncFile(by);
  await holdingSqlite(live, async () => {
    await link(live, keepAs);
    await takeName(by, live);
  });
}

async function takeName(from: string, to: string): Promise<void> {
  await syncDirectory(dirname(to));
  await rename(from, to);
  await syncDirectory(dirname(to));
}

async function refuseUsers(databases: readonly string[]): Promise<void> {
  const [first] = await usersOf(databases);
  if (first === undefined) return;
  const message = `"${databases[0] ?? ''}" is in use: ${first} has it open. Stop what works with it.`;
  throw operationalError('not-switched', message);
}

function usersOf(databases: readonly string[]): Promise<readonly string[]> {
  return openersOf(databases.flatMap((path) => [path, ...BESIDE.map((end) => `${path}${end}`)]));
}

/** It would be taken for that of the database which is put there. */
async function refuseLeftLogs(live: string): Promise<void> {
  for (const end of BESIDE) if (await isThere(`${live}${end}`)) throw inTheWay(`${live}${end}`);
}

async function removeDatabase(path: string): Promise<void> {
  for (const end of ['', ...BESIDE]) await rm(`${path}${end}`, { force: true });
}

/** Also while nothing is live. Two names of one file are one that was broken off, and has changed nothing. */
async function isSwitched({ live, kept }: SwitchNames): Promise<boolean> {
  return (await isThere(kept)) && !(await isSame(live, kept));
}

async function isSame(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([one, other].map((path) => unlessMissing(lstat(path))));
  return !!first && !!second && first.ino === second.ino && first.dev === second.dev;
}

async function isAnyInWalMode(paths: readonly string[]): Promise<boolean> {
  for (const path of paths) if ((await isThere(path)) && (await isInWalMode(path))) return true;
  return false;
}

async function isThere(path: string): Promise<boolean> {
  return (await unlessMissing(lstat(path))) !== null;
}
