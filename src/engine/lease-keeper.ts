/**
 * Renews the lease of every candidate that has traffic, as long as this process may drive and
 * somebody acts under it. When it stops, for whatever reason, the data plane gives the traffic back to
 * the stable pool by itself.
 */
import type { HeldLease } from '../core/deployment/deployment-state.ts';
import type { Scope } from '../core/model/ids.ts';
import { OperationalError } from '../core/operational-error.ts';
import type { Balancer } from '../drivers/contract.ts';
import { elapsedMs, type Clock, type Deadline } from '../platform/clock.ts';

export interface LeaseKeeper {
  /** From now on this is its scope's lease. The same lease again only ends its rest. */
  hold(lease: HeldLease, balancer: Balancer): void;
  /**
   * Nobody acts under the lease right now: it is renewed for a moment more, then no longer. A driver
   * that hangs or has died between two steps must not keep a candidate's traffic.
   */
  rest(scope: Scope): void;
  release(scope: Scope): void;
  close(): Promise<void>;
}

const RENEWALS_PER_TTL = 5;
const RENEWAL_MS_MIN = 100;
/** Enough to record a step, or for recovery after a start. */
const REST_MS = 4_000;

interface KeptLease {
  readonly lease: HeldLease;
  /** Comes when the lease is no longer this process's to renew. */
  readonly end: Deadline;
  restingSinceNs: bigint | null;
  ended: Promise<void>;
}

export function createLeaseKeeper(options: {
  readonly clock: Clock;
  readonly mayDrive: () => boolean;
}): LeaseKeeper {
  const { clock } = options;
  const kept = new Map<Scope, KeptLease>();

  async function keep(entry: KeptLease, balancer: Balancer): Promise<void> {
    const { lease } = entry;
    const stop = entry.end.signal;
    const intervalMs = Math.max(RENEWAL_MS_MIN, lease.ttlMs / RENEWALS_PER_TTL);
    while (!stop.aborted) {
      const { restingSinceNs } = entry;
      const isOver = restingSinceNs !== null && elapsedMs(clock, restingSinceNs) > REST_MS;
      if (!isOver && options.mayDrive() && !(await renew(lease, balancer, stop))) return;
      await clock.sleep(intervalMs, stop).catch(() => undefined);
    }
  }

  function release(scope: Scope): void {
    kept.get(scope)?.end.end();
    kept.delete(scope);
  }

  return {
    release,
    hold(lease, balancer) {
      const { scope } = lease;
      const present = kept.get(scope);
      if (present && isSame(present.lease, lease)) {
        present.restingSinceNs = null;
        return;
      }
      release(scope);
      const entry: KeptLease = {
        lease,
        end: clock.deadline(Infinity),
        restingSinceNs: null,
        ended: Promise.resolve(),
      };
      kept.set(scope, entry);
      entry.ended = keep(entry, balancer);
    },
    rest(scope) {
      const entry = kept.get(scope);
      if (entry) entry.restingSinceNs ??= clock.monotonicNs();
    },
    async close() {
      for (const { end } of kept.values()) end.end();
      await Promise.all([...kept.values()].map(({ ended }) => ended));
    },
  };
}

/** False when the lease is over for good: lapsed, tripped, or replaced by a newer split. */
async function renew(
  { scope, token }: HeldLease,
  balancer: Balancer,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await balancer.renew(scope, { token, signal });
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
