/**
 * Whether a candidate leaves requests unanswered that the stable release would have answered, known long
 * before the first of them times out. A bet over moments, like the verdict's over seconds: a candidate
 * that is no worse wins it in at most one of a thousand deployments, however often somebody looks.
 */
import { absoluteErrorIncrements } from '../verdict/absolute-error-increments.ts';
import { logAddExp } from '../verdict/log-add-exp.ts';
import { relativeErrorIncrements } from '../verdict/relative-error-increments.ts';

/** How long a moment is, by when requests were sent. */
export const MOMENT_NS = 50_000_000n;

/** Requests that were sent to a pool in a moment, and those of them that waited for too long. */
export interface Waits {
  readonly sent: number;
  readonly late: number;
}

/** What was sent in one moment, when all of it has been answered or is late. */
export interface Moment {
  readonly candidate: Waits;
  readonly stable: Waits;
  /** The stable pool has a share of the traffic, so that it would meet what both meet. */
  readonly isBeside: boolean;
}

export interface HangEvidence {
  /** Moments in which the candidate was sent anything. */
  readonly moments: number;
  /** Each of two bets must be won: late more often than is put up with by itself, and beside the stable release. */
  readonly lnE: { readonly alone: number; readonly beside: number };
  /** Of the candidate, since the evidence began to rise. */
  readonly candidate: Waits;
  /** Of the stable pool, all that is known. */
  readonly stable: Waits;
  /** The same by moment, of the last ones in which anybody was sent anything. */
  readonly lately: readonly Waits[];
}

/** `stable`: what its pool has done before. */
export function noHangEvidence(stable: Waits): HangEvidence {
  return {
    moments: 0,
    lnE: { alone: -Infinity, beside: -Infinity },
    candidate: NONE,
    stable,
    lately: [],
  };
}

const NONE: Waits = { sent: 0, late: 0 };

/** How much more often than the stable release's, and how often at least, its requests may be late. */
const RATIO = 1.25;
const SHARE_MIN = 0.01;
/** What is looked for: so many times as many as are put up with. */
const TIMES = 10;
/** Beside the stable release, where moments in which nothing is late cost nothing: the ratio of half to next to none. */
const TIMES_BESIDE = 30;
/** One pause of the candidate is one observation: a moment says no more than this, whatever it holds. */
const NATS_PER_MOMENT = 2.5;
/** Where nothing is beside it, as when a cold release gets all traffic at once, it takes longer to say so. */
const NATS_ALONE = 1.5;
const ENOUGH = Math.log(1_000);
/** Weight of the evidence that begins with the first moment. */
const FIRST = 0.5;
/** Beyond so many times as much traffic as the stable pool has, its few requests say too little. */
const ALONE = 4;
/** A second: what the stable pool then met in any of them the candidate may meet now. */
const MOMENTS_LATELY = 20;

/** The share of late requests that is put up with, by what the stable pool has done before. */
function toleratedShare({ sent, late }: Waits): number {
  return Math.max(SHARE_MIN, (RATIO * (late + 1)) / (sent + 1));
}

export function weighMoment(evidence: HangEvidence, moment: Moment): HangEvidence {
  const { candidate, stable } = moment;
  const lately = [...evidence.lately.slice(1 - MOMENTS_LATELY), stable];
  const known = { ...evidence, lately, stable: sumOf(evidence.stable, stable) };
  if (candidate.sent === 0) return known;
  const moments = evidence.moments + 1;
  // By what was known before the moment.
  const { alone, beside } = incrementsOf(moment, lately, toleratedShare(evidence.stable));
  const lnWeight = lnWeightOf(moments);
  const lnE = {
    alone: logAddExp(evidence.lnE.alone, lnWeight) + alone,
    beside: logAddExp(evidence.lnE.beside, lnWeight) + beside,
  };
  const isRising = lesserOf(lnE) > Math.log(FIRST);
  return {
    ...known,
    ...{ moments, lnE },
    candidate: isRising ? sumOf(evidence.candidate, candidate) : NONE,
  };
}

export function isHanging({ lnE }: HangEvidence): boolean {
  return lesserOf(lnE) >= ENOUGH;
}

function lesserOf({ alone, beside }: HangEvidence['lnE']): number {
  return Math.min(alone, beside);
}

/** Of the candidate's requests, how many were late, and from how many on they are too many. */
export function hangFound({ candidate: { sent, late }, stable }: HangEvidence): {
  readonly observed: number;
  readonly limit: number;
  readonly sent: number;
} {
  return { observed: late, limit: Math.floor(toleratedShare(stable) * sent) + 1, sent };
}

function incrementsOf(
  { candidate, stable, isBeside }: Moment,
  lately: readonly Waits[],
  tolerated: number,
): HangEvidence['lnE'] {
  const counts = {
    ...{ candidateResponses: candidate.sent, candidateFailures: candidate.late },
    ...{ stableResponses: stable.sent, stableFailures: stable.late },
  };
  const absolute = { rate: tolerated, alternatives: [TIMES] };
  const alone = Math.min(NATS_PER_MOMENT, ...absoluteErrorIncrements(counts, absolute, 1));
  if (candidate.sent > ALONE * stable.sent) {
    // What both meet is no fault of the candidate; nor is anything while nobody knows whether both do.
    const { sent, late } = lately.reduce(sumOf);
    const most = late > 0 || (isBeside && sent === 0) ? 0 : NATS_ALONE;
    return { alone: Math.min(most, alone), beside: Math.min(most, alone) };
  }
  const relative = { ratio: RATIO, alternatives: [TIMES_BESIDE] };
  const beside = Math.min(NATS_PER_MOMENT, ...relativeErrorIncrements(counts, relative, 1));
  return { alone, beside };
}

/** Half of all for a candidate that hangs from its first request on, the rest for later ones; 1 in all. */
function lnWeightOf(moment: number): number {
  return Math.log(moment === 1 ? FIRST : (1 - FIRST) / (moment * (moment - 1)));
}

function sumOf(left: Waits, right: Waits): Waits {
  return { sent: left.sent + right.sent, late: left.late + right.late };
}
