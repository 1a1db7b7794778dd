import type { Routing } from '../core/model/routing.ts';
import type { ActionContext } from './action-context.ts';

const DEADLINE_MS = 2_000;

/**
 * The revert's first command, ahead of its turn and under its token: sent again it changes nothing.
 * Asks the balancer only, and over the leased split only that this command knows: a process that was
 * frozen while another went on takes nothing away. Returns since when the weight is 0; null when the
 * balancer refused or did not answer, and then the revert does it when it is on record.
 */
export async function takeTrafficAway(
  {
    drivers,
    command,
    lease,
    clock,
  }: Pick<ActionContext, 'drivers' | 'command' | 'lease' | 'clock'>,
  zero: Routing,
): Promise<string | null> {
  const deadline = clock.deadline(DEADLINE_MS);
  try {
    const applied = await drivers.balancer.apply(zero, {
      token: command.revertToken,
      signal: deadline.signal,
      ...(lease && { over: lease.token }),
    });
    return applied.inForceSinceNs;
  } catch {
    // Told by the return value: whoever asked goes on with the revert all the same.
    return null;
  } finally {
    deadline.release();
  }
}
