/** What the system itself says of processes, read from /proc: Linux only, as the crash tests are. */
import { readdir, readFile, readlink } from 'node:fs/promises';

/** A pid with its start tick, so that a later process with the same pid is not taken for it. */
export interface LivingProcess {
  readonly pid: number;
  readonly startTick: string;
}

/** Null when it is gone or only waits to be reaped. */
export async function findProcess(pid: number): Promise<LivingProcess | null> {
  const stat = await statOf(pid);
  return stat && { pid, startTick: stat.startTick };
}

export async function isAlive({ pid, startTick }: LivingProcess): Promise<boolean> {
  return (await findProcess(pid))?.startTick === startTick;
}

/** Whether a signal has stopped it; false also when it is gone. */
export async function isStopped({ pid, startTick }: LivingProcess): Promise<boolean> {
  const stat = await statOf(pid);
  return stat?.startTick === startTick && stat.state === 'T';
}

/** False when the process is gone. */
export function signalTo({ pid }: LivingProcess, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

export async function childrenOf(parent: number): Promise<readonly LivingProcess[]> {
  const stats = await Promise.all((await allPids()).map(statOf));
  return stats.flatMap((stat) =>
    stat?.parent === parent ? [{ pid: stat.pid, startTick: stat.startTick }] : [],
  );
}

/** Processes that work in `folder` or below it: the instances, wherever their host is. */
export async function processesIn(folder: string): Promise<readonly LivingProcess[]> {
  const found: LivingProcess[] = [];
  for (const pid of await allPids()) {
    const place = await readlink(`/proc/${pid}/cwd`).catch(ifGone);
    if (place === null || !`${place}/`.startsWith(`${folder}/`)) continue;
    const living = await findProcess(pid);
    if (living) found.push(living);
  }
  return found;
}

/** Of the environment that a process was started with; null when it has none of that name, or is gone. */
export async function variableOf({ pid }: LivingProcess, name: string): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/environ`, 'utf8').catch(ifGone);
  const entry = text?.split('\0').find((line) => line.startsWith(`${name}=`));
  return entry?.slice(name.length + 1) ?? null;
}

async function allPids(): Promise<readonly number[]> {
  return (await readdir('/proc')).map(Number).filter(Number.isInteger);
}

interface Stat extends LivingProcess {
  readonly state: string;
  readonly parent: number;
}

async function statOf(pid: number): Promise<Stat | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(ifGone);
  if (text === null) return null;
  // The program's name in brackets may hold anything, brackets too.
  const [state, parent, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const startTick = rest[17];
  if (state === undefined || startTick === undefined || 'ZX'.includes(state)) return null;
  return { pid, state, parent: Number(parent), startTick };
}

/** Ended meanwhile, or of another user and so not ours. */
function ifGone(error: unknown): null {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return null;
  throw error;
}
