/** Gives what was restored the owner, group and mode of what it takes the place of: a backup does not keep owners. */
import type { Stats } from 'node:fs';
import { chmod, lchown, lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { operationalError } from '../core/operational-error.ts';
import { isSystemError } from './is-system-error.ts';
import { pathsBelow } from './paths-below.ts';
import { unlessMissing } from './unless-missing.ts';

type Owner = Pick<Stats, 'uid' | 'gid'>;

/** Each as the one of the same name; what is new there as the folder that it is in. */
export async function ownFolderAs(folder: string, model: string): Promise<void> {
  const top = await lstat(model);
  const owners = new Map<string, Owner>([['.', top]]);
  for (const { path } of await pathsBelow(folder)) {
    const same = await unlessMissing(lstat(join(model, path)));
    const owner = same ?? owners.get(dirname(path)) ?? top;
    owners.set(path, owner);
    await give(join(folder, path), owner);
  }
  await ownAs(folder, top);
}

export async function ownAs(path: string, { uid, gid, mode }: Stats): Promise<void> {
  await give(path, { uid, gid });
  await chmod(path, mode & 0o7777);
}

async function give(path: string, { uid, gid }: Owner): Promise<void> {
  const own = await lstat(path);
  if (own.uid === uid && own.gid === gid) return;
  try {
    await lchown(path, uid, gid);
    // To be given to another takes the marks of set-user-id and set-group-id away.
    if (own.isFile()) await chmod(path, own.mode & 0o7777);
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'EPERM') throw error;
    const message = `What is live belongs to user ${uid} and group ${gid}, which this user can give nothing to. Run it as root.`;
    throw operationalError('not-switched', message, { cause: error });
  }
}
