/**
 * Finds the processes of one launch of an instance: its leader and everything that inherited the
 * launch id, even when the leader is gone or was never recorded.
 */
import { randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import {
  readBootId,
  readStatusAtOnce,
  startedBefore,
  type ProcessIdentity,
  type ProcessStatus,
} from './process-identity.ts';

export const LAUNCH_VARIABLE = 'SUREFOOT_LAUNCH';
/** Between a launch and a part of it. */
export const PART = '/';

/** Within a launch that the environment names already it is a part of that one, and found with it. */
export function newLaunch(environment: Readonly<Record<string, string>>): string {
  const whole = environment[LAUNCH_VARIABLE];
  return whole === undefined ? randomUUID() : `${whole}${PART}${randomUUID()}`;
}

/**
 * Processes with the launch id in their environment or that of a part of it, and those in the group of `leader`, which must be known to live.
 * `first`: what has started all of them, where that is known; nothing older is looked at closely. Empty where there is
 * no /proc.
 */
export async function findLaunchedProcesses(
  launch: string,
  leader: ProcessIdentity | null,
  first: ProcessIdentity | null = null,
): Promise<ProcessStatus[]> {
  if (process.platform !== 'linux') return [];
  const bootId = await readBootId();
  const marks = ['\0', PART].map((end) => `${LAUNCH_VARIABLE}=${launch}${end}`);
  const found: ProcessStatus[] = [];
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const status = readStatusAtOnce(pid, bootId);
    if (!status) continue;
    const inGroup = leader !== null && status.group === leader.pid;
    if (!inGroup && first && startedBefore(status, first)) continue;
    if (inGroup || (await hasOneOf(marks, pid))) found.push(status);
  }
  return found;
}

async function hasOneOf(marks: readonly string[], pid: number): Promise<boolean> {
  const environment = await readEnvironment(pid);
  return marks.some((mark) => environment.includes(mark));
}

async function readEnvironment(pid: number): Promise<Buffer> {
  try {
    return await readFile(`/proc/${pid}/environ`);
  } catch {
    // Gone meanwhile, or of another user and thus not ours.
    return Buffer.alloc(0);
  }
}
