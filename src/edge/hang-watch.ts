/**
 * Watches how long requests of a leased candidate wait beside those of the stable release, moment by moment
 * of when they were sent. What the edge itself was too late to read counts for nobody.
 */
import { MOMENT_NS, type Waits } from '../core/routing/hang-evidence.ts';
import {
  countSent,
  countUnanswered,
  isCounted,
  openMoments,
  weighDue,
  type Arm,
  type OpenMoment,
  type OpenMoments,
} from '../core/routing/open-moments.ts';
import { isAdmitted } from '../core/routing/admission.ts';
import { isLeaseAlive, tripOnHang, type RoutingState } from '../core/routing/routing-state.ts';
import type { Attempt } from './attempt.ts';
import { leasedPair } from './leased-pair.ts';
import type { LivePool } from './live-pool.ts';

const NS_PER_MS = 1_000_000n;
/** A tick that comes later than this may not have read what was answered in time. */
const STANDSTILL_NS = 100n * NS_PER_MS;

interface Watched {
  readonly deployment: number;
  readonly candidate: LivePool;
  /** What it has done so far is usual. */
  readonly stable: LivePool;
  /** The pool of the stable release that is held against; another one when a baseline comes and goes. */
  readonly beside: LivePool;
  readonly afterMs: number;
}

export class HangWatch {
  private watched: Watched;
  private readonly moments: OpenMoments;
  private tickedNs: bigint;
  private isOfSafe = true;

  /** `before`: what the stable pool has done so far. */
  constructor(watched: Watched, before: Waits, nowNs: bigint) {
    this.watched = watched;
    this.moments = openMoments(before, watched.afterMs);
    this.tickedNs = nowNs;
  }

  /** Whether it goes on as this one. What is still open beside another pool counts for nobody. */
  goesOnAs(next: Watched): boolean {
    const { watched, moments } = this;
    const isSame =
      watched.deployment === next.deployment &&
      watched.candidate === next.candidate &&
      watched.stable === next.stable &&
      watched.afterMs === next.afterMs;
    if (isSame && watched.beside !== next.beside) {
      moments.open.length = 0;
      this.watched = next;
    }
    return isSame;
  }

  sent({ pool, owner }: Pick<Attempt, 'pool' | 'owner'>, nowNs: bigint): void {
    const { candidate, beside } = this.watched;
    const arm = this.armOf(pool);
    if (arm === null) return;
    const weights = { candidate: candidate.weight, stable: beside.weight };
    const now = { weights, isOfSafe: this.isOfSafe };
    countSent(this.moments, { arm, isSafe: owner.isSafe }, nowNs, now);
  }

  /** The client is gone, after a wait for the pool of so long. */
  left(
    { pool, owner, waitingSinceNs }: Pick<Attempt, 'pool' | 'owner' | 'waitingSinceNs'>,
    waitedNs: bigint,
  ): void {
    const arm = this.armOf(pool);
    if (arm === null) return;
    countUnanswered(this.moments, { arm, isSafe: owner.isSafe }, waitingSinceNs, waitedNs);
  }

  /** The state, tripped when the candidate hangs. */
  tick(state: RoutingState, nowNs: bigint): RoutingState {
    const { watched, moments } = this;
    const hasStoodStill = nowNs - this.tickedNs > STANDSTILL_NS;
    this.tickedNs = nowNs;
    this.isOfSafe = !isAdmitted(state, watched.candidate.id);
    if (hasStoodStill) moments.open.length = 0;
    const hang = weighDue(moments, nowNs, (moment, arm) =>
      waitingIn(arm === 'candidate' ? watched.candidate : watched.beside, moment),
    );
    if (hang === null) return state;
    const sinceNs = watched.candidate.waiting.first?.waitingSinceNs ?? nowNs;
    return tripOnHang(state, { ...hang.found, afterMs: watched.afterMs, sinceNs }, nowNs);
  }

  private armOf(pool: LivePool): Arm | null {
    const { candidate, beside } = this.watched;
    if (pool === candidate) return 'candidate';
    return pool === beside ? 'stable' : null;
  }
}

/** Whom to watch under the state, and how; null when nobody. */
export function watchedUnder(
  state: RoutingState,
  pools: ReadonlyMap<string, LivePool>,
): Watched | null {
  const pair = leasedPair(state, pools);
  const afterMs = pair?.lease.trip.hangAfterMs;
  if (pair === null || afterMs === undefined || !isLeaseAlive(state)) return null;
  const { candidate, stable, lease } = pair;
  const beside = (lease.against && pools.get(lease.against)) ?? stable;
  return { deployment: state.token.deployment, candidate, stable, beside, afterMs };
}

/** Those that began to wait in the moment and still do; it is the pool that they wait for. */
function waitingIn({ waiting }: LivePool, moment: OpenMoment): number {
  const [fromNs, toNs] = [moment.number * MOMENT_NS, (moment.number + 1n) * MOMENT_NS];
  let count = 0;
  for (let at = waiting.first; at !== null && at.waitingSinceNs < toNs; at = at.next) {
    if (!at.isSample || at.waitingSinceNs < fromNs || at.owner.isBodyAwaited()) continue;
    if (isCounted(moment, at.owner.isSafe)) count += 1;
  }
  return count;
}
