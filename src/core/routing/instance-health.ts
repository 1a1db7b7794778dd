/**
 * When an instance gets no requests for a while: after several failures in a row, longer each time it
 * fails its trial. Pure, so that every balancer ejects and takes back by the same rules.
 */

/** In a row; more than a candidate may show before it trips, as a rule. */
export const FAILURES_IN_ROW = 5;
const FIRST_NS = 1_000_000_000n;
const LONGEST_NS = 32_000_000_000n;

export interface InstanceHealth {
  readonly failuresInRow: number;
  /** How long it was ejected for, the last time; 0 when it has answered well since. */
  readonly ejectedForNs: bigint;
  /** From then on one request may try it; null while it is not ejected. */
  readonly trialAtNs: bigint | null;
}

/** The same object, so that a balancer need not look into it. */
export const HEALTHY: InstanceHealth = { failuresInRow: 0, ejectedForNs: 0n, trialAtNs: null };

export function isEjected({ trialAtNs }: InstanceHealth): boolean {
  return trialAtNs !== null;
}

export function isTrialDue({ trialAtNs }: InstanceHealth, nowNs: bigint): boolean {
  return trialAtNs !== null && nowNs >= trialAtNs;
}

/** `others`: of the same pool. `mayEmpty`: whether another pool serves when none of this one can. */
export function healthAfterFailure(
  health: InstanceHealth,
  pool: { readonly others: readonly InstanceHealth[]; readonly mayEmpty: boolean },
  nowNs: bigint,
): InstanceHealth {
  const failuresInRow = health.failuresInRow + 1;
  const failed = { ...health, failuresInRow };
  if (isEjected(health)) return ejected(failed, nowNs);
  if (failuresInRow < FAILURES_IN_ROW || !mayEject(pool)) return failed;
  return ejected(failed, nowNs);
}

/** One request was sent to try it; the next may follow when nothing has come of that. */
export function healthOnTrial(health: InstanceHealth, nowNs: bigint): InstanceHealth {
  return { ...health, trialAtNs: nowNs + health.ejectedForNs };
}

/**
 * Of a pool that nobody stands in for at most half is ejected, and only beside one that does better:
 * when all fail it is something else that is broken, and fewer of them would not mend it.
 */
function mayEject(pool: {
  readonly others: readonly InstanceHealth[];
  readonly mayEmpty: boolean;
}): boolean {
  if (pool.mayEmpty) return true;
  const { others } = pool;
  const ejectedAfter = others.filter(isEjected).length + 1;
  if (ejectedAfter * 2 > others.length + 1) return false;
  return others.some((other) => !isEjected(other) && other.failuresInRow === 0);
}

function ejected(health: InstanceHealth, nowNs: bigint): InstanceHealth {
  const doubled = health.ejectedForNs * 2n;
  const ejectedForNs = doubled === 0n ? FIRST_NS : doubled < LONGEST_NS ? doubled : LONGEST_NS;
  return { ...health, ejectedForNs, trialAtNs: nowNs + ejectedForNs };
}
