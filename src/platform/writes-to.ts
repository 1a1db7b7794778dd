/** Whether what a process prints goes into a file, as the kernel says. Linux only. */
import { stat } from 'node:fs/promises';
import { isSystemError } from './is-system-error.ts';

/** Null when it cannot be found out: another system, another user's process, or one that is gone. */
export async function writesTo(pid: number, path: string): Promise<boolean | null> {
  if (process.platform !== 'linux') return null;
  const open = await Promise.all([1, 2].map((number) => identityOf(`/proc/${pid}/fd/${number}`)));
  if (open.includes(null)) return null;
  const file = await identityOf(path);
  return file !== null && open.every((each) => each === file);
}

/** Null of what is not there, or hidden. */
async function identityOf(path: string): Promise<string | null> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    if (isSystemError(error) && HIDDEN.has(error.code)) return null;
    throw error;
  }
}

const HIDDEN: ReadonlySet<unknown> = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM']);
