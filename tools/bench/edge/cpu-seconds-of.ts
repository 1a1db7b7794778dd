import { readFileSync } from 'node:fs';

/** Of `USER_HZ`, in which the kernel counts; the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** What the processes have used of the processor so far, all their threads together. */
export function cpuSecondsOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + ticksOf(pid), 0) / TICKS_PER_SECOND;
}

function ticksOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program is in brackets and may hold anything, so that fields count from its end.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [user = NaN, system = NaN] = fields.slice(11, 13).map(Number);
  return user + system;
}
