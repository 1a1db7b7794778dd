/**
 * The moments in which something was sent that may still be answered in time, first to last: how many
 * requests each pool was sent in each, and how many of their clients have left in vain. They grow in place.
 */
import { MOMENT_NS, type Moment } from './hang-evidence.ts';
import { isLeftInVain } from './left-in-vain.ts';

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

/** The moment at hand, which begins, if it does, as `now` says. */
export function momentAt(
  open: OpenMoment[],
  nowNs: bigint,
  now: Pick<OpenMoment, 'stableShare' | 'isOfSafe'>,
): OpenMoment {
  const number = nowNs / MOMENT_NS;
  const last = open.at(-1);
  if (last?.number === number) return last;
  const waits = { candidate: { sent: 0, late: 0 }, stable: { sent: 0, late: 0 } };
  const moment = { number, ...now, ...waits };
  open.push(moment);
  return moment;
}

/** Of the requests to both pools, from 0 to 1. */
export function stableShareOf(weights: Readonly<Record<'stable' | 'candidate', number>>): number {
  const { stable, candidate } = weights;
  return stable === 0 ? 0 : stable / (stable + candidate);
}

export function isCounted({ isOfSafe }: OpenMoment, isSafe: boolean): boolean {
  return isSafe || !isOfSafe;
}

/** Who left in vain was late; what would have become of others nobody knows. */
export function countLeft(counts: GrowingWaits, waitedNs: bigint, afterNs: bigint): void {
  if (counts.sent === counts.late) return;
  if (isLeftInVain(Number(waitedNs), Number(afterNs))) counts.late += 1;
  else counts.sent -= 1;
}

/** When nothing that was sent in it can be answered in time any more. */
export function dueNsOf(number: bigint, afterNs: bigint): bigint {
  return (number + 1n) * MOMENT_NS + afterNs;
}
