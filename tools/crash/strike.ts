/** One SIGKILL at one moment of a deployment, and the proof that it was delivered. */
import { setTimeout as delay } from 'node:timers/promises';
import type { NewsroomStand } from '../stand/newsroom-stand.ts';
import { isAlive, type LivingProcess } from './process-table.ts';
import { findCandidate, findVictim, type Victim } from './victim.ts';

export interface Strike {
  readonly pid: number;
  /** Wall times just before the signal and right after it. */
  readonly atMs: number;
  readonly sentAtMs: number;
  /** When it was seen to be gone; null when it lived on. */
  readonly goneAtMs: number | null;
}

const GONE_MS = 5_000;
const CANDIDATE_MS = 10_000;
const POLL_MS = 5;

/** Finds the victim now, so that later nothing stands between the moment and the signal. */
export async function aimAt(
  stand: NewsroomStand,
  victim: Victim,
  deployment: number,
): Promise<() => Promise<Strike | null>> {
  if (victim !== 'candidate') {
    const target = await findVictim(stand, victim);
    return () => strike(target);
  }
  return async () => {
    const target = await untilCandidate(stand, deployment);
    return target && strike(target);
  };
}

/** Null when the process had ended before. */
async function strike(target: LivingProcess): Promise<Strike | null> {
  const { pid } = target;
  const atMs = Date.now();
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return null;
    throw error;
  }
  const sentAtMs = Date.now();
  const end = performance.now() + GONE_MS;
  while (await isAlive(target)) {
    if (performance.now() > end) return { pid, atMs, sentAtMs, goneAtMs: null };
    await delay(POLL_MS);
  }
  return { pid, atMs, sentAtMs, goneAtMs: Date.now() };
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
