/**
 * Opens a service's address after a restart. An address that stays taken concerns that service alone:
 * the others are served, and it is tried again until it is free.
 */
import { OperationalError } from '../core/operational-error.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { EdgeScope } from './edge-scope.ts';

/** A former edge may still hold the port; a lease must not run out while this one waits for it. */
const START_PATIENCE_MS = 3_000;
const RETRY_PATIENCE_MS = 500;
const RETRY_MS = 500;

interface Surroundings {
  readonly clock: Clock;
  readonly log: Log;
  /** Ends the trying. */
  readonly signal: AbortSignal;
}

/** Resolves when the address is open, or is not after a while and is tried again in the background. */
export async function reopenAddress(scope: EdgeScope, surroundings: Surroundings): Promise<void> {
  const failure = await tryOpening(scope, START_PATIENCE_MS);
  if (failure === null) return;
  surroundings.log.error('A service is not served: its address cannot be opened. Trying on.', {
    scope: scope.scope,
    failure,
  });
  void reopenInBackground(scope, surroundings);
}

async function reopenInBackground(
  scope: EdgeScope,
  { clock, log, signal }: Surroundings,
): Promise<void> {
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    // An abort ends the pause; the loop sees it.
    await clock.sleep(RETRY_MS, signal).catch(() => undefined);
    if (isOver() || (await tryOpening(scope, RETRY_PATIENCE_MS)) !== null) continue;
    log.info('A service is served again: its address is open.', { scope: scope.scope });
    return;
  }
}

async function tryOpening(scope: EdgeScope, patienceMs: number): Promise<OperationalError | null> {
  try {
    await scope.listen(patienceMs);
    return null;
  } catch (error) {
    if (error instanceof OperationalError) return error;
    throw error;
  }
}
