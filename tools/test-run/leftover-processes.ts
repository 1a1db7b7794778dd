/**
 * Finds and ends processes that tests started and forgot. A process is ours when its environment has
 * the run's temporary folder, or when it works in that folder: PostgreSQL overwrites its environment.
 */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const STRAGGLERS_MS = 3_000;

interface LeftoverProcess {
  readonly pid: number;
  readonly command: string;
}

/** Gives those that are just ending a moment, kills the rest, and says which they were. */
export async function endLeftovers(runFolder: string): Promise<LeftoverProcess[]> {
  await untilNoneIsLeft(runFolder);
  const leftovers = leftoverProcesses(runFolder);
  for (const { pid } of leftovers) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone since it was listed.
    }
  }
  await untilNoneIsLeft(runFolder); // A killed process takes its time on a busy machine.
  return leftovers;
}

async function untilNoneIsLeft(runFolder: string): Promise<void> {
  const deadline = performance.now() + STRAGGLERS_MS;
  while (leftoverProcesses(runFolder).length > 0 && performance.now() < deadline) await delay(50);
}

export function leftoverProcesses(runFolder: string): LeftoverProcess[] {
  return processIds()
    .filter((pid) => pid !== process.pid && belongsTo(pid, runFolder))
    .map((pid) => ({ pid, command: commandOf(pid) }))
    .filter(({ command }) => command !== '');
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return []; // No /proc on this system; the process group is all there is to go by.
  }
}

function belongsTo(pid: number, runFolder: string): boolean {
  try {
    const folder = readlinkSync(`/proc/${pid}/cwd`);
    if (folder === runFolder || folder.startsWith(`${runFolder}/`)) return true;
    return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`TMPDIR=${runFolder}\0`);
  } catch {
    return false; // Ended, or of another user and so not ours.
  }
}

/** Empty for a process that has ended and only waits to be collected. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}
