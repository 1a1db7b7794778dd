import type { Routing } from '../core/model/routing.ts';
import type { ActionContext } from './action-context.ts';

const DEADLINE_MS = 2_000;

/**
 * The revert's first command, ahead of its turn and under its token: sent again it changes nothing.
 * Asks the balancer only. Returns since when the weight is 0; null when the balancer did not answer,
 * and then the revert repeats it until it is done, while the lease is no longer renewed.
 */
export async function takeTrafficAway(
  { drivers, command, clock }: Pick<ActionContext, 'drivers' | 'command' | 'clock'>,
  zero: Routing,
): Promise<string | null> {
  const deadline = clock.deadline(DEADLINE_MS);
  try {
    const applied = await drivers.balancer.apply(zero, {
      token: command.revertToken,
      signal: deadline.signal,
    });
    return applied.inForceSinceNs;
  } catch {
    // Told by the return value: whoever asked goes on with the revert all the same.
    return null;
  } finally {
    deadline.release();
  }
}
