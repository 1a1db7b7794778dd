/**
 * Watches how long requests of a leased candidate wait beside those of the stable pool, moment by moment
 * of when they were sent. What the edge itself was too late to read counts for nobody.
 */
import {
  countLeft,
  dueNsOf,
  isCounted,
  momentAt,
  stableShareOf,
  type OpenMoment,
} from '../core/routing/open-moments.ts';
import {
  hangFound,
  isHanging,
  MOMENT_NS,
  noHangEvidence,
  weighMoment,
  type HangEvidence,
  type Waits,
} from '../core/routing/hang-evidence.ts';
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
  readonly stable: LivePool;
  readonly afterMs: number;
}

export class HangWatch {
  private readonly watched: Watched;
  private evidence: HangEvidence;
  private readonly open: OpenMoment[] = [];
  private tickedNs: bigint;
  private isOfSafe = true;

  /** `before`: what the stable pool has done so far. */
  constructor(watched: Watched, before: Waits, nowNs: bigint) {
    this.watched = watched;
    this.evidence = noHangEvidence(before);
    this.tickedNs = nowNs;
  }

  isOf({ deployment, candidate, stable, afterMs }: Watched): boolean {
    const { watched } = this;
    return (
      watched.deployment === deployment &&
      watched.candidate === candidate &&
      watched.stable === stable &&
      watched.afterMs === afterMs
    );
  }

  sent({ pool, owner }: Pick<Attempt, 'pool' | 'owner'>, nowNs: bigint): void {
    const { candidate, stable } = this.watched;
    if (pool !== candidate && pool !== stable) return;
    const weights = { stable: stable.weight, candidate: candidate.weight };
    const now = { stableShare: stableShareOf(weights), isOfSafe: this.isOfSafe };
    const moment = momentAt(this.open, nowNs, now);
    if (isCounted(moment, owner.isSafe)) this.countsOf(moment, pool).sent += 1;
  }

  /** The client is gone, after a wait for the pool of so long. */
  left(
    { pool, owner, waitingSinceNs }: Pick<Attempt, 'pool' | 'owner' | 'waitingSinceNs'>,
    waitedNs: bigint,
  ): void {
    const { candidate, stable } = this.watched;
    if (pool !== candidate && pool !== stable) return;
    const moment = this.open.find(({ number }) => number === waitingSinceNs / MOMENT_NS);
    if (moment === undefined || !isCounted(moment, owner.isSafe)) return;
    countLeft(this.countsOf(moment, pool), waitedNs, this.afterNs());
  }

  /** The state, tripped when the candidate hangs. */
  tick(state: RoutingState, nowNs: bigint): RoutingState {
    const hasStoodStill = nowNs - this.tickedNs > STANDSTILL_NS;
    this.tickedNs = nowNs;
    this.isOfSafe = !isAdmitted(state, this.watched.candidate.id);
    if (hasStoodStill) this.open.length = 0;
    for (let moment = this.open[0]; moment !== undefined; moment = this.open[0]) {
      if (dueNsOf(moment.number, this.afterNs()) > nowNs) break;
      this.open.shift();
      this.weigh(moment);
      if (isHanging(this.evidence)) return this.trip(state, nowNs);
    }
    return state;
  }

  private weigh(moment: OpenMoment): void {
    const { candidate, stable } = this.watched;
    this.evidence = weighMoment(this.evidence, {
      candidate: waitsOf(candidate, moment.candidate, moment),
      stable: waitsOf(stable, moment.stable, moment),
      stableShare: moment.stableShare,
    });
  }

  private countsOf(moment: OpenMoment, pool: LivePool): OpenMoment['candidate'] {
    return pool === this.watched.candidate ? moment.candidate : moment.stable;
  }

  private afterNs(): bigint {
    return BigInt(this.watched.afterMs) * NS_PER_MS;
  }

  private trip(state: RoutingState, nowNs: bigint): RoutingState {
    const { watched, evidence } = this;
    const sinceNs = watched.candidate.waiting.first?.waitingSinceNs ?? nowNs;
    const found = { ...hangFound(evidence), afterMs: watched.afterMs, sinceNs };
    return tripOnHang(state, found, nowNs);
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
  const { candidate, stable } = pair;
  return { deployment: state.token.deployment, candidate, stable, afterMs };
}

/** Late, too, are those that began to wait in the moment and still do; it is the pool that they wait for. */
function waitsOf({ waiting }: LivePool, { sent, late: left }: Waits, moment: OpenMoment): Waits {
  const [fromNs, toNs] = [moment.number * MOMENT_NS, (moment.number + 1n) * MOMENT_NS];
  let late = left;
  for (let at = waiting.first; at !== null && at.waitingSinceNs < toNs; at = at.next) {
    if (!at.isSample || at.waitingSinceNs < fromNs || at.owner.isBodyAwaited()) continue;
    if (isCounted(moment, at.owner.isSafe)) late += 1;
  }
  // With each byte of its body a request begins to wait anew, in a moment that it was not sent in.
  return { sent, late: Math.min(sent, late) };
}
