/**
 * Stops processes as the pause of a machine would, and lets them go on. Proves both: a stop that did
 * not hold is no freeze.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { childrenOf, isStopped, signalTo, type LivingProcess } from './process-table.ts';

export interface Freeze {
  /** Wall times just before the first signal, after the last one, and after the one to go on. */
  readonly atMs: number;
  readonly sentAtMs: number;
  readonly overAtMs: number;
  /** Every process was seen stopped at the begin, and still was at the end. */
  readonly hasHeld: boolean;
}

const STOPPED_MS = 2_000;
const POLL_MS = 5;

/** With its children, if so asked. Null when the process had ended before. */
export async function freeze(
  target: LivingProcess,
  { forMs, withChildren }: { readonly forMs: number; readonly withChildren: boolean },
): Promise<Freeze | null> {
  const atMs = Date.now();
  const until = performance.now() + forMs;
  const stopped: LivingProcess[] = [];
  try {
    if (!signalTo(target, 'SIGSTOP')) return null;
    stopped.push(target);
    if (withChildren) stopped.push(...(await stopChildrenOf(target)));
    const sentAtMs = Date.now();
    const hasBegun = await areSoonStopped(stopped);
    await delay(Math.max(0, until - performance.now()));
    const hasHeld = hasBegun && (await areStopped(stopped));
    for (const living of stopped.toReversed()) signalTo(living, 'SIGCONT');
    return { atMs, sentAtMs, overAtMs: Date.now(), hasHeld };
  } finally {
    // Again where it was done: whatever was thrown, nobody stays stopped.
    for (const living of stopped) signalTo(living, 'SIGCONT');
  }
}

/** The parent is stopped already and has no further children; those that ended meanwhile are left out. */
async function stopChildrenOf(target: LivingProcess): Promise<readonly LivingProcess[]> {
  return (await childrenOf(target.pid)).filter((child) => signalTo(child, 'SIGSTOP'));
}

async function areSoonStopped(processes: readonly LivingProcess[]): Promise<boolean> {
  const end = performance.now() + STOPPED_MS;
  while (!(await areStopped(processes))) {
    if (performance.now() > end) return false;
    await delay(POLL_MS);
  }
  return true;
}

async function areStopped(processes: readonly LivingProcess[]): Promise<boolean> {
  return (await Promise.all(processes.map(isStopped))).every(Boolean);
}
