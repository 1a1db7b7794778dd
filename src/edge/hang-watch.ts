/**
 * Watches how long requests of a leased candidate wait beside those of the stable release, moment by moment
 * of when they were sent. What the edge itself was too late to read counts for nobody.
 */
import type { PoolId } from '../core/model/ids.ts';
import { MOMENT_NS, type Waits } from '../core/routing/hang-evidence.ts';
import {
  armOf,
  countSent,
  countUnanswered,
  goOnUnder,
  isCounted,
  openMoments,
  weighDue,
  type Arm,
  type OpenMoment,
  type OpenMoments,
} from '../core/routing/open-moments.ts';
import { isAdmitted } from '../core/routing/admission.ts';
import { tripOnHang, type RoutingState } from '../core/routing/routing-state.ts';
import type { WatchedPools } from '../core/routing/watched-pools.ts';
import type { Attempt } from './attempt.ts';
import type { LivePool } from './live-pool.ts';

const NS_PER_MS = 1_000_000n;
/** A tick that comes later than this may not have read what was answered in time. */
const STANDSTILL_NS = 100n * NS_PER_MS;

export class HangWatch {
  private readonly pools: ReadonlyMap<PoolId, LivePool>;
  private readonly moments: OpenMoments;
  private tickedNs: bigint;
  private isOfSafe = true;

  /** `before`: what the stable pool has done so far. */
  constructor(
    watched: WatchedPools,
    pools: ReadonlyMap<PoolId, LivePool>,
    before: Waits,
    nowNs: bigint,
  ) {
    this.pools = pools;
    this.moments = openMoments(watched, before);
    this.tickedNs = nowNs;
  }

  /** Whether it goes on under the next split. */
  goesOnAs(next: WatchedPools): boolean {
    return goOnUnder(this.moments, next);
  }

  sent({ pool, owner }: Pick<Attempt, 'pool' | 'owner'>, nowNs: bigint): void {
    const arm = armOf(this.moments, pool.id);
    if (arm === null) return;
    const weightOf = (of: Arm): number => this.poolOf(of)?.weight ?? 0;
    const weights = { candidate: weightOf('candidate'), stable: weightOf('stable') };
    const now = { weights, isOfSafe: this.isOfSafe };
    countSent(this.moments, { arm, isSafe: owner.isSafe }, nowNs, now);
  }

  /** The client is gone, after a wait for the pool of so long. */
  left(
    { pool, owner, waitingSinceNs }: Pick<Attempt, 'pool' | 'owner' | 'waitingSinceNs'>,
    waitedNs: bigint,
  ): void {
    const arm = armOf(this.moments, pool.id);
    if (arm === null) return;
    countUnanswered(this.moments, { arm, isSafe: owner.isSafe }, waitingSinceNs, waitedNs);
  }

  /** The state, tripped when the candidate hangs. */
  tick(state: RoutingState, nowNs: bigint): RoutingState {
    const { moments } = this;
    const { candidate, afterMs } = moments.watched;
    const hasStoodStill = nowNs - this.tickedNs > STANDSTILL_NS;
    this.tickedNs = nowNs;
    this.isOfSafe = !isAdmitted(state, candidate);
    if (hasStoodStill) moments.open.length = 0;
    const hang = weighDue(moments, nowNs, (moment, arm) => waitingIn(this.poolOf(arm), moment));
    if (hang === null) return state;
    const sinceNs = this.poolOf('candidate')?.waiting.first?.waitingSinceNs ?? nowNs;
    return tripOnHang(state, { ...hang.found, afterMs, sinceNs }, nowNs);
  }

  private poolOf(arm: Arm): LivePool | undefined {
    const { candidate, beside } = this.moments.watched;
    return this.pools.get(arm === 'candidate' ? candidate : beside);
  }
}

/** Those that began to wait in the moment and still do; it is the pool that they wait for. */
function waitingIn(pool: LivePool | undefined, moment: OpenMoment): number {
  const [fromNs, toNs] = [moment.number * MOMENT_NS, (moment.number + 1n) * MOMENT_NS];
  let count = 0;
  for (
    let at = pool?.waiting.first ?? null;
    at !== null && at.waitingSinceNs < toNs;
    at = at.next
  ) {
    if (!at.isSample || at.waitingSinceNs < fromNs || at.owner.isBodyAwaited()) continue;
    if (isCounted(moment, at.owner.isSafe)) count += 1;
  }
  return count;
}
