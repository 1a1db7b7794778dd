import type { ActionContext } from './action-context.ts';
import { OperationalError } from '../core/operational-error.ts';

const POLL_MS = 100;

/**
 * Asks again until `isDone` says so or the context's time is over; true when it was done. An agent
 * that is away for a moment is asked again; any other failure is thrown.
 */
export async function poll(
  context: Pick<ActionContext, 'clock' | 'signal'>,
  isDone: () => Promise<boolean>,
  intervalMs = POLL_MS,
): Promise<boolean> {
  const isOver = (): boolean => context.signal.aborted;
  while (!isOver()) {
    try {
      if (await isDone()) return true;
    } catch (error) {
      const isPassing = error instanceof OperationalError && error.failure.recovery === 'retry';
      if (!isPassing && !isOver()) throw error;
    }
    await context.clock.sleep(intervalMs, context.signal).catch(() => undefined);
  }
  return false;
}
