/** Where something lies that is to be renamed: a link to it would be renamed instead. */
import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { operationalError } from '../core/operational-error.ts';
import { unlessMissing } from './unless-missing.ts';

/** It need not be there. Throws `not-switched` for a link. */
export async function livePlace(path: string): Promise<string> {
  const place = join(await realpath(dirname(path)), basename(path));
  const found = await unlessMissing(lstat(place));
  if (!found?.isSymbolicLink()) return place;
  const message = `"${path}" is a link. Name what it leads to in \`path\`: what is switched is renamed.`;
  throw operationalError('not-switched', message);
}
