/** Waits for a condition instead of a time. */
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;

/** Throws what was waited for when it has not come about after `msMax`. */
export async function until(
  what: string,
  condition: () => Promise<boolean> | boolean,
  msMax = 30_000,
): Promise<void> {
  const end = performance.now() + msMax;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`Waited ${msMax} ms in vain until ${what}.`);
    await delay(POLL_MS);
  }
}
