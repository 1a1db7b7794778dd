/** Which requests of a pool have taken too long, and whose fault that is. Found by the edge's tick. */
import type { RequestLimits } from '../core/model/request-limits.ts';
import type { Attempt } from './attempt.ts';
import type { LivePool } from './live-pool.ts';
import type { WaitingList } from './waiting-list.ts';

const NS_PER_MS = 1_000_000n;

/** No answer has begun within the time. */
export function endLate({ waiting }: LivePool, nowNs: bigint, timeoutNs: bigint): void {
  let attempt = waiting.first;
  while (attempt !== null && nowNs - attempt.waitingSinceNs >= timeoutNs) {
    if (attempt.owner.isBodyAwaited()) attempt.waitForClient();
    else attempt.owner.late(attempt);
    attempt = waiting.first;
  }
}

/** A body stands still, or all of a request takes too long. */
export function endOverdue(
  { waiting, flowing }: LivePool,
  nowNs: bigint,
  { idleTimeoutMs, totalTimeoutMs }: RequestLimits,
): void {
  const idleNs = BigInt(idleTimeoutMs) * NS_PER_MS;
  const totalNs = BigInt(totalTimeoutMs) * NS_PER_MS;
  for (const attempt of membersOf(flowing)) {
    const { owner } = attempt;
    // An earlier one may have ended it.
    if (!attempt.isLive || owner.isStream) continue;
    const isOverdue = nowNs - owner.startedNs >= totalNs;
    if (attempt.isWaiting) {
      if (isOverdue || nowNs - attempt.waitingSinceNs >= idleNs) owner.stalled(attempt);
    } else if (isOverdue || nowNs - attempt.activeNs >= idleNs) owner.overran(attempt);
  }
  for (const attempt of membersOf(waiting)) {
    if (!attempt.isLive || nowNs - attempt.owner.startedNs < totalNs) continue;
    if (attempt.owner.isBodyAwaited()) attempt.owner.stalled(attempt);
    else attempt.owner.late(attempt);
  }
}

/** Requests that wait for a pool which has lost its weight go elsewhere, where that is safe. */
export function withdrawWaiting({ waiting }: LivePool): void {
  for (const attempt of membersOf(waiting)) {
    if (attempt.isLive) attempt.owner.withdrawn(attempt);
  }
}

/** All at once, for what is done with one may end others. */
function membersOf(list: WaitingList<Attempt>): readonly Attempt[] {
  const members: Attempt[] = [];
  for (let at = list.first; at !== null; at = at.next) members.push(at);
  return members;
}
