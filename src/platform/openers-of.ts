/** Who has files open, as far as this user may see it: its own processes, or all as root. Linux alone tells. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { unlessMissing } from './unless-missing.ts';

/** A process may have ended meanwhile, or belong to somebody else. */
const HIDDEN = ['EACCES', 'EPERM', 'ESRCH'];

/** By path as the kernel knows it: `process 12 (node)`. */
export async function openersOf(paths: readonly string[]): Promise<readonly string[]> {
  const names = (await unlessMissing(readdir('/proc'))) ?? [];
  const openers: string[] = [];
  for (const pid of names.filter((name) => /^\d+$/.test(name))) {
    if (!(await hasOpen(pid, paths))) continue;
    const line = await unlessMissing(readFile(`/proc/${pid}/cmdline`, 'utf8'), HIDDEN);
    openers.push(`process ${pid} (${basename(line?.split('\0')[0] ?? '')})`);
  }
  return openers;
}

async function hasOpen(pid: string, paths: readonly string[]): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  for (const name of (await unlessMissing(readdir(folder), HIDDEN)) ?? []) {
    const target = await unlessMissing(readlink(`${folder}/${name}`), HIDDEN);
    if (target !== null && paths.includes(target)) return true;
  }
  return false;
}
