/**
 * What processes take up together. Resident memory is what the system says of each process, summed over all
 * of them: what processes share counts for each of them. A proportional share would be fairer, but to find it the system
 * walks all of a process's memory while the process itself waits for new one.
 */
import { readFile, readdir } from 'node:fs/promises';
import { membersOf, type LivingProcesses } from './living-processes.ts';
import { isSameProcess, type ProcessIdentity } from './process-identity.ts';

/** Null where it could not be read, and never 0 instead. */
export interface ProcessUsage {
  /** In bytes. */
  readonly memory: number | null;
  readonly openFiles: number | null;
  /** Used so far, by those that have ended and were waited for, too. */
  readonly cpuMs: number | null;
}

const NOTHING: ProcessUsage = { memory: 0, openFiles: 0, cpuMs: 0 };

/** Of a leader and all that its launch has started; null when the leader has ended, or nothing is known. */
export async function readLaunchUsage(
  launched: { readonly leader: ProcessIdentity; readonly launch: string },
  living: LivingProcesses,
): Promise<ProcessUsage | null> {
  const all = await Promise.all(membersOf(launched, living).map(usageOf));
  // A leader that ended meanwhile has taken its group's number with it.
  const isKnown = all.length > 0 && (await isSameProcess(launched.leader));
  return isKnown ? all.reduce(added, NOTHING) : null;
}

async function usageOf(pid: number): Promise<ProcessUsage> {
  const [memory, openFiles, cpuMs] = await Promise.all([
    unlessEnded(readResidentBytes(pid)),
    unlessEnded(readdir(`/proc/${pid}/fd`).then((names) => names.length)),
    unlessEnded(readCpuMs(pid)),
  ]);
  return { memory, openFiles, cpuMs };
}

const RESIDENT = /^VmRSS:\s+(\d+) kB$/m;

async function readResidentBytes(pid: number): Promise<number> {
  const match = RESIDENT.exec(await readFile(`/proc/${pid}/status`, 'utf8'));
  // Between its end and its parent's notice a process has no memory any more.
  return Number(match?.[1] ?? 0) * 1_024;
}

/** The kernel shows time in hundredths of a second, whatever its own clock does. */
const MS_PER_TICK = 10;

/** In user and system mode, its own and that of children that it has waited for. */
async function readCpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The second field is the program's name in brackets and may hold anything, brackets too.
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ticks.slice(11, 15).reduce((sum, text) => sum + Number(text), 0) * MS_PER_TICK;
}

/** A process that ended since it was listed takes up nothing; one that can't be read is not told. */
async function unlessEnded(value: Promise<number>): Promise<number | null> {
  try {
    return await value;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ESRCH') return 0;
    if (code === 'EACCES' || code === 'EPERM') return null;
    throw error;
  }
}

function added(left: ProcessUsage, right: ProcessUsage): ProcessUsage {
  const sum = (name: keyof ProcessUsage): number | null => {
    const [one, other] = [left[name], right[name]];
    return one === null || other === null ? null : one + other;
  };
  return { memory: sum('memory'), openFiles: sum('openFiles'), cpuMs: sum('cpuMs') };
}
