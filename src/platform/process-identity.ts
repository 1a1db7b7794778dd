/**
 * Tells a process from a later one with the same pid: a pid alone is a number that the system gives
 * away again. Whoever wants to adopt or signal a process compares its identity first.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface ProcessIdentity {
  readonly pid: number;
  /** Boot id and start tick on Linux, the start date elsewhere: only good for comparing. */
  readonly startTime: string;
}

export interface ProcessStatus extends ProcessIdentity {
  readonly group: number;
}

/** The identity of a living process; null when there is none or it is only waiting to be reaped. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | null> {
  if (process.platform !== 'linux') return identifyByPs(pid);
  const status = await readProcessStatus(pid, await readBootId());
  return status && { pid: status.pid, startTime: status.startTime };
}

/** Whether the very process that was identified still lives. */
export async function isSameProcess(identity: ProcessIdentity): Promise<boolean> {
  const current = await identifyProcess(identity.pid);
  return current?.startTime === identity.startTime;
}

/** Changes with every boot, so that start ticks of different boots never compare equal. */
export async function readBootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
}

/** Linux only. */
export async function readProcessStatus(
  pid: number,
  bootId: string,
): Promise<ProcessStatus | null> {
  try {
    return statusOf(pid, await readFile(`/proc/${pid}/stat`, 'utf8'), bootId);
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

function statusOf(pid: number, stat: string, bootId: string): ProcessStatus | null {
  // The second field is the program's name in brackets and may hold anything, brackets too.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, , group] = fields;
  const startTicks = fields[19];
  // A zombie has ended; where process 1 reaps nobody it would otherwise count as living for ever.
  if (state === 'Z' || state === 'X' || startTicks === undefined) return null;
  return { pid, group: Number(group), startTime: `${bootId}:${startTicks}` };
}

/** Linux only. To wait for each of hundreds of processes would take twenty times as long as they themselves do. */
export function readStatusAtOnce(pid: number, bootId: string): ProcessStatus | null {
  try {
    return statusOf(pid, readFileSync(`/proc/${pid}/stat`, 'utf8'), bootId);
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** False as well of processes of different boots. */
export function startedBefore(one: ProcessIdentity, other: ProcessIdentity): boolean {
  const [boot, ticks] = one.startTime.split(':');
  const [otherBoot, otherTicks] = other.startTime.split(':');
  return boot === otherBoot && Number(ticks) < Number(otherTicks);
}

async function identifyByPs(pid: number): Promise<ProcessIdentity | null> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)], {
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    });
    const startTime = stdout.trim();
    return startTime === '' ? null : { pid, startTime };
  } catch (error) {
    // `ps` ends with status 1 when there is no such process.
    if (error instanceof Error && 'code' in error && error.code === 1) return null;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')
  );
}
