/** Waits for something that happens by itself, instead of sleeping and hoping. */
import { setTimeout as delay } from 'node:timers/promises';

const TIMEOUT_MS = 30_000;

export async function waitUntil(
  what: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadlineMs = performance.now() + TIMEOUT_MS;
  while (!(await condition())) {
    if (performance.now() > deadlineMs) throw new Error(`Waited in vain until ${what}.`);
    await delay(25);
  }
}
