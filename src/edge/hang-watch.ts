/**
 * Watches how long requests of a leased candidate wait beside those of the stable pool, moment by moment
 * of when they were sent. What the edge itself was too late to read counts for nobody.
 */
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

interface Moment {
  /** It began so many moments after the clock did. */
  readonly number: bigint;
  /** The stable pool has a share of the traffic. */
  readonly isBeside: boolean;
  /** Only safe requests count: others do not come to the candidate yet, and may wait for longer or less long. */
  readonly isOfSafe: boolean;
  candidate: number;
  stable: number;
}

interface Watched {
  readonly deployment: number;
  readonly candidate: LivePool;
  readonly stable: LivePool;
  readonly afterMs: number;
}

export class HangWatch {
  private readonly watched: Watched;
  private evidence: HangEvidence;
  /** Those of which something may still be answered in time, first to last. */
  private readonly open: Moment[] = [];
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
    const number = nowNs / MOMENT_NS;
    let moment = this.open.at(-1);
    if (moment?.number !== number) {
      const { isOfSafe } = this;
      moment = { number, isBeside: stable.weight > 0, isOfSafe, candidate: 0, stable: 0 };
      this.open.push(moment);
    }
    if (moment.isOfSafe && !owner.isSafe) return;
    if (pool === candidate) moment.candidate += 1;
    else moment.stable += 1;
  }

  /** The state, tripped when the candidate hangs. */
  tick(state: RoutingState, nowNs: bigint): RoutingState {
    const hasStoodStill = nowNs - this.tickedNs > STANDSTILL_NS;
    this.tickedNs = nowNs;
    this.isOfSafe = !isAdmitted(state, this.watched.candidate.id);
    if (hasStoodStill) this.open.length = 0;
    const afterNs = BigInt(this.watched.afterMs) * NS_PER_MS;
    for (let moment = this.open[0]; moment !== undefined; moment = this.open[0]) {
      if ((moment.number + 1n) * MOMENT_NS + afterNs > nowNs) break;
      this.open.shift();
      this.weigh(moment);
      if (isHanging(this.evidence)) return this.trip(state, nowNs);
    }
    return state;
  }

  private weigh(moment: Moment): void {
    const { watched } = this;
    this.evidence = weighMoment(this.evidence, {
      candidate: waitsOf(watched.candidate, moment.candidate, moment),
      stable: waitsOf(watched.stable, moment.stable, moment),
      isBeside: moment.isBeside,
    });
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

/** Late are those that began to wait in the moment and still do; it is the pool that they wait for. */
function waitsOf({ waiting }: LivePool, sent: number, { number, isOfSafe }: Moment): Waits {
  const [fromNs, toNs] = [number * MOMENT_NS, (number + 1n) * MOMENT_NS];
  let late = 0;
  for (let at = waiting.first; at !== null && at.waitingSinceNs < toNs; at = at.next) {
    if (!at.isSample || at.waitingSinceNs < fromNs || at.owner.isBodyAwaited()) continue;
    if (at.owner.isSafe || !isOfSafe) late += 1;
  }
  // With each byte of its body a request begins to wait anew, in a moment that it was not sent in.
  return { sent, late: Math.min(sent, late) };
}
