/**
 * Renews the lease of every candidate that has traffic, as long as this process may drive. When it
 * stops, for whatever reason, the data plane gives the traffic back to the stable pool by itself.
 */
import type { HeldLease } from '../core/deployment/deployment-state.ts';
import type { Scope } from '../core/model/ids.ts';
import { OperationalError } from '../core/operational-error.ts';
import type { Balancer } from '../drivers/contract.ts';
import type { Clock } from '../platform/clock.ts';

export interface LeaseKeeper {
  /** From now on this is the scope's lease. The same lease again changes nothing. */
  hold(scope: Scope, lease: HeldLease, balancer: Balancer): void;
  release(scope: Scope): void;
  close(): Promise<void>;
}

const RENEWALS_PER_TTL = 5;
const RENEWAL_MS_MIN = 100;

export function createLeaseKeeper(options: {
  readonly clock: Clock;
  readonly mayDrive: () => boolean;
}): LeaseKeeper {
  const kept = new Map<Scope, { lease: HeldLease; stop: AbortController; ended: Promise<void> }>();

  async function keep(
    scope: Scope,
    lease: HeldLease,
    balancer: Balancer,
    stop: AbortSignal,
  ): Promise<void> {
    const intervalMs = Math.max(RENEWAL_MS_MIN, lease.ttlMs / RENEWALS_PER_TTL);
    while (!stop.aborted) {
      if (options.mayDrive() && !(await renew(scope, lease, balancer, stop))) return;
      await options.clock.sleep(intervalMs, stop).catch(() => undefined);
    }
  }

  function release(scope: Scope): void {
    kept.get(scope)?.stop.abort();
    kept.delete(scope);
  }

  return {
    release,
    hold(scope, lease, balancer) {
      const present = kept.get(scope);
      if (present && isSame(present.lease, lease)) return;
      release(scope);
      const stop = new AbortController();
      kept.set(scope, { lease, stop, ended: keep(scope, lease, balancer, stop.signal) });
    },
    async close() {
      for (const { stop } of kept.values()) stop.abort();
      await Promise.all([...kept.values()].map(({ ended }) => ended));
    },
  };
}

/** False when the lease is over for good: lapsed, tripped, or replaced by a newer split. */
async function renew(
  scope: Scope,
  lease: HeldLease,
  balancer: Balancer,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await balancer.renew(scope, { token: lease.token, signal });
    return true;
  } catch (error) {
    // Whoever judges the traffic sees why from the balancer itself; a lost call is made again.
    return error instanceof OperationalError && error.failure.recovery === 'retry';
  }
}

function isSame(left: HeldLease, right: HeldLease): boolean {
  return (
    left.token.deployment === right.token.deployment && left.token.sequence === right.token.sequence
  );
}
