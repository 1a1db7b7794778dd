import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, type LivingProcess } from './process-table.ts';

const GONE_MS = 5_000;
const POLL_MS = 5;

/** The wall time at which it was seen to be gone; null when it lives on. */
export async function untilGone(target: LivingProcess): Promise<number | null> {
  const end = performance.now() + GONE_MS;
  while (await isAlive(target)) {
    if (performance.now() > end) return null;
    await delay(POLL_MS);
  }
  return Date.now();
}
