/** One blow at one moment of a deployment, and the proof that it was dealt. */
import { setTimeout as delay } from 'node:timers/promises';
import type { NewsroomStand } from '../stand/newsroom-stand.ts';
import type { Blow } from './blow.ts';
import { freeze } from './freeze.ts';
import { signalTo, type LivingProcess } from './process-table.ts';
import { untilGone } from './until-gone.ts';
import { findCandidate, findVictim, type Victim } from './victim.ts';

export interface Strike {
  readonly pid: number;
  /** Wall times just before the signal and right after it. */
  readonly atMs: number;
  readonly sentAtMs: number;
  /**
   * When it was seen to be gone, or was told to go on after it had been stopped all the time; null
   * when the blow had no such effect.
   */
  readonly overAtMs: number | null;
  /** On the wires: before or after what it was dealt. */
  readonly what?: string;
}

const CANDIDATE_MS = 10_000;
const POLL_MS = 5;

/** Finds the victim now, so that later nothing stands between the moment and the signal. */
export async function aimAt(
  stand: NewsroomStand,
  { victim, blow }: { readonly victim: Victim; readonly blow: Exclude<Blow, { kind: 'wire' }> },
  deployment: number,
): Promise<() => Promise<Strike | null>> {
  if (victim !== 'candidate') {
    const target = await findVictim(stand, victim);
    return () => strike(target, victim, blow);
  }
  return async () => {
    const target = await untilCandidate(stand, deployment);
    return target && strike(target, victim, blow);
  };
}

/** Null when the process had ended before. */
async function strike(
  target: LivingProcess,
  victim: Victim,
  blow: Exclude<Blow, { kind: 'wire' }>,
): Promise<Strike | null> {
  if (blow.kind === 'kill') return kill(target);
  // A machine that pauses stops the database whole; of the others the process itself is meant.
  const frozen = await freeze(target, { ...blow, withChildren: victim === 'postgres' });
  if (!frozen) return null;
  const { atMs, sentAtMs, overAtMs, hasHeld } = frozen;
  return { pid: target.pid, atMs, sentAtMs, overAtMs: hasHeld ? overAtMs : null };
}

async function kill(target: LivingProcess): Promise<Strike | null> {
  const { pid } = target;
  const atMs = Date.now();
  if (!signalTo(target, 'SIGKILL')) return null;
  const sentAtMs = Date.now();
  return { pid, atMs, sentAtMs, overAtMs: await untilGone(target) };
}

async function untilCandidate(
  stand: NewsroomStand,
  deployment: number,
): Promise<LivingProcess | null> {
  const end = performance.now() + CANDIDATE_MS;
  while (performance.now() < end) {
    // The host answers; it is not the victim.
    const candidate = await findCandidate(stand, deployment);
    if (candidate) return candidate;
    await delay(POLL_MS);
  }
  return null;
}
