/**
 * The moments in which something was sent that may still be answered in time, first to last, and what those
 * before them came to: one piece for the edge and the simulated balancer. It grows in place.
 */
import {
  hangFound,
  isHanging,
  MOMENT_NS,
  noHangEvidence,
  weighMoment,
  withoutBlock,
  type HangEvidence,
  type Moment,
  type Waits,
} from './hang-evidence.ts';
import type { PoolId } from '../model/ids.ts';
import { isLeftInVain } from './left-in-vain.ts';
import type { WatchedPools } from './watched-pools.ts';

export interface OpenMoments {
  watched: WatchedPools;
  readonly afterNs: bigint;
  readonly open: OpenMoment[];
  evidence: HangEvidence;
}

export interface OpenMoment extends Moment {
  /** It began so many moments after the clock did. */
  readonly number: bigint;
  /** Only safe requests count: others do not come to the candidate yet, and may wait for longer or less long. */
  readonly isOfSafe: boolean;
  readonly candidate: GrowingWaits;
  readonly stable: GrowingWaits;
}

interface GrowingWaits {
  sent: number;
  late: number;
}

export type Arm = 'candidate' | 'stable';

interface Request {
  readonly arm: Arm;
  readonly isSafe: boolean;
}

/** `before`: what the stable pool has done so far. */
export function openMoments(watched: WatchedPools, before: Waits): OpenMoments {
  const afterNs = BigInt(watched.afterMs) * 1_000_000n;
  return { watched, afterNs, open: [], evidence: noHangEvidence(before) };
}

/**
 * Whether they go on under `next`: one watch for all splits of a deployment, so that what it found is not
 * forgotten with each. What is still open or gathered beside another pool counts for nobody.
 */
export function goOnUnder(moments: OpenMoments, next: WatchedPools): boolean {
  const { watched, open } = moments;
  const isSame =
    watched.deployment === next.deployment &&
    watched.candidate === next.candidate &&
    watched.stable === next.stable &&
    watched.afterMs === next.afterMs;
  if (!isSame) return false;
  if (watched.beside !== next.beside) {
    open.length = 0;
    moments.evidence = withoutBlock(moments.evidence);
  }
  moments.watched = next;
  return true;
}

/** Null of a pool that is not watched. */
export function armOf({ watched: { candidate, beside } }: OpenMoments, pool: PoolId): Arm | null {
  if (pool === candidate) return 'candidate';
  return pool === beside ? 'stable' : null;
}

/** `now`: what holds for the moment at hand, if it begins with this request. */
export function countSent(
  { open }: OpenMoments,
  { arm, isSafe }: Request,
  nowNs: bigint,
  now: { readonly weights: Readonly<Record<Arm, number>>; readonly isOfSafe: boolean },
): void {
  const number = nowNs / MOMENT_NS;
  let moment = open.at(-1);
  if (moment?.number !== number) {
    const waits = { candidate: { sent: 0, late: 0 }, stable: { sent: 0, late: 0 } };
    const { weights, isOfSafe } = now;
    moment = { number, stableShare: stableShareOf(weights), isOfSafe, ...waits };
    open.push(moment);
  }
  if (isCounted(moment, isSafe)) moment[arm].sent += 1;
}

/** Of the requests to both pools, from 0 to 1. */
function stableShareOf({ stable, candidate }: Readonly<Record<Arm, number>>): number {
  return stable === 0 ? 0 : stable / (stable + candidate);
}

export function isCounted({ isOfSafe }: OpenMoment, isSafe: boolean): boolean {
  return isSafe || !isOfSafe;
}

/**
 * One that has waited since then has ended, or is given up, without an answer. Whether it is late: what would
 * have become of others nobody knows.
 */
export function countUnanswered(
  { open, afterNs }: OpenMoments,
  { arm, isSafe }: Request,
  sinceNs: bigint,
  waitedNs: bigint,
): boolean {
  const moment = open.find(({ number }) => number === sinceNs / MOMENT_NS);
  if (moment === undefined || !isCounted(moment, isSafe)) return false;
  const counts = moment[arm];
  if (counts.sent === counts.late) return false;
  const isLate = isLeftInVain(Number(waitedNs), Number(afterNs));
  if (isLate) counts.late += 1;
  else counts.sent -= 1;
  return isLate;
}

/** When nothing that was sent in the moment at `ns` can be answered in time any more. */
export function dueNsOf(ns: bigint, afterNs: bigint): bigint {
  return (ns / MOMENT_NS + 1n) * MOMENT_NS + afterNs;
}

/**
 * Weighs what is due; what was found, and when it was due, as soon as the candidate hangs. `waitingIn`: those
 * that have waited since the moment and still do.
 */
export function weighDue(
  moments: OpenMoments,
  nowNs: bigint,
  waitingIn: (moment: OpenMoment, arm: Arm) => number,
): { readonly found: ReturnType<typeof hangFound>; readonly atNs: bigint } | null {
  const { open, afterNs } = moments;
  for (let moment = open[0]; moment !== undefined; moment = open[0]) {
    const atNs = dueNsOf(moment.number * MOMENT_NS, afterNs);
    if (atNs > nowNs) break;
    open.shift();
    moments.evidence = weighMoment(moments.evidence, {
      candidate: withWaiting(moment.candidate, waitingIn(moment, 'candidate')),
      stable: withWaiting(moment.stable, waitingIn(moment, 'stable')),
      stableShare: moment.stableShare,
    });
    if (isHanging(moments.evidence)) return { found: hangFound(moments.evidence), atNs };
  }
  return null;
}

/** With each byte of its body a request begins to wait anew, in a moment that it was not sent in. */
function withWaiting({ sent, late }: Waits, waiting: number): Waits {
  return { sent, late: Math.min(sent, late + waiting) };
}
