/**
 * Whether a candidate leaves requests unanswered that the stable release would have answered, known long
 * before the first of them times out. A bet over moments, like the verdict's over seconds: a candidate
 * that is no worse wins it in at most one of a thousand deployments, however often somebody looks.
 */
import { exceedanceIncrements } from '../verdict/exceedance-increments.ts';
import { logAddExp } from '../verdict/log-add-exp.ts';

/** How long a moment is, by when requests were sent. */
export const MOMENT_NS = 50_000_000n;

/** Requests that were sent to a pool in a moment, and those of them that waited for too long, or in vain. */
export interface Waits {
  readonly sent: number;
  readonly late: number;
}

/** What was sent in one moment, when all of it has been answered or is late. */
export interface Moment {
  readonly candidate: Waits;
  readonly stable: Waits;
  /** Of the requests to both, the stable pool's by its weight, from 0 to 1. */
  readonly stableShare: number;
}

export interface HangEvidence {
  /** Moments in which the candidate was sent anything. */
  readonly moments: number;
  /** Each of two bets must be won: late more often than is put up with by itself, and beside the stable release. */
  readonly lnE: { readonly alone: number; readonly beside: number };
  /** Moments under the same weights, until the stable pool may expect enough requests to be held against. */
  readonly block: Moment;
  /** Of the candidate, since the evidence began to rise. */
  readonly candidate: Waits;
  /** Of the stable pool, all that is known. */
  readonly stable: Waits;
}

/** `stable`: what its pool has done before. */
export function noHangEvidence(stable: Waits): HangEvidence {
  return {
    moments: 0,
    lnE: { alone: -Infinity, beside: -Infinity },
    block: NO_BLOCK,
    candidate: NONE,
    stable,
  };
}

const NONE: Waits = { sent: 0, late: 0 };
const NO_BLOCK: Moment = { candidate: NONE, stable: NONE, stableShare: 0 };

/** How much more often than the stable release's ever were, and how often at least, its requests may be late. */
const RATIO = 1.25;
const SHARE_MIN = 0.01;
/** Beside the stable release the odds of half to next to none. */
const ODDS_BESIDE = 30;
/** So many of the stable pool's requests are expected in a block: fewer tell less than their number does. */
const STABLE_PER_BLOCK = 2;
/** One pause of the candidate is one observation: a moment says no more than this, whatever it holds, nor does a block. */
const NATS_MAX = 2.5;
/** Where nothing is beside it, as when a cold release gets all traffic at once, it takes longer to say so. */
const NATS_ALONE = 1.55;
const ENOUGH = Math.log(1_000);
/** Weight of the evidence that begins with the first moment. */
const FIRST = 0.5;

/** The share of late requests that is put up with, by what the stable pool has done before. */
function toleratedShare({ sent, late }: Waits): number {
  return Math.max(SHARE_MIN, (RATIO * (late + 1)) / (sent + 1));
}

export function weighMoment(evidence: HangEvidence, moment: Moment): HangEvidence {
  const { candidate, stable } = moment;
  const gathered = withMoment(evidence.block, moment);
  const isBlockOver = isWhole(gathered);
  const moments = evidence.moments + (candidate.sent > 0 ? 1 : 0);
  const begun = candidate.sent > 0 ? lnWeightOf(moments) : -Infinity;
  // By what was known before the moment.
  const alone = aloneIncrement(moment, toleratedShare(evidence.stable));
  const beside = moment.stableShare > 0 ? besideIncrement(gathered, isBlockOver) : alone;
  const lnE = {
    alone: logAddExp(evidence.lnE.alone, begun) + alone,
    beside: logAddExp(evidence.lnE.beside, begun) + beside,
  };
  const isRising = lesserOf(lnE) > Math.log(FIRST);
  return {
    ...{ moments, lnE },
    block: isBlockOver ? NO_BLOCK : gathered,
    candidate: isRising ? sumOf(evidence.candidate, candidate) : NONE,
    stable: sumOf(evidence.stable, stable),
  };
}

/** Without what was gathered beside a pool that is beside the candidate no more. */
export function withoutBlock(evidence: HangEvidence): HangEvidence {
  return { ...evidence, block: NO_BLOCK };
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

/** Under other weights what was gathered is dropped: whose a request was is then no more drawn as before. */
function withMoment(block: Moment, moment: Moment): Moment {
  const { candidate, stable, stableShare } = moment;
  if (block.stableShare !== stableShare) return moment;
  return {
    candidate: sumOf(block.candidate, candidate),
    stable: sumOf(block.stable, stable),
    stableShare,
  };
}

/** By the requests of both, which no outcome and no draw of whose they are has a part in. */
function isWhole({ candidate, stable, stableShare }: Moment): boolean {
  return (candidate.sent + stable.sent) * stableShare >= STABLE_PER_BLOCK;
}

/**
 * Ratio of the likelihoods of as many as are looked for and of as many as are put up with: ten times one in a
 * hundred, and still fewer than all where many are usual.
 */
function aloneIncrement({ candidate, stableShare }: Moment, tolerated: number): number {
  if (tolerated >= 1) return 0;
  const sought = Math.sqrt(tolerated);
  const { sent, late } = candidate;
  const increment =
    late * Math.log(sought / tolerated) + (sent - late) * Math.log((1 - sought) / (1 - tolerated));
  return Math.min(stableShare > 0 ? NATS_MAX : NATS_ALONE, increment);
}

function besideIncrement({ candidate, stable }: Moment, isBlockOver: boolean): number {
  if (!isBlockOver) return 0;
  const waits = {
    suspect: { responses: candidate.sent, beyond: candidate.late },
    other: { responses: stable.sent, beyond: stable.late },
  };
  const [increment = 0] = exceedanceIncrements(waits, [ODDS_BESIDE]);
  return Math.min(NATS_MAX, increment);
}

/**
 * Half of all for a candidate that hangs from its first request on, the rest for later ones; 1 in all. It falls so
 * slowly that a candidate which was well for an hour is found little later.
 */
function lnWeightOf(moment: number): number {
  if (moment === 1) return Math.log(FIRST);
  return Math.log((1 - FIRST) * (restBehind(moment - 1) - restBehind(moment)));
}

/** Of the rest, from 1 to 0, what is left for moments behind this one. */
function restBehind(moment: number): number {
  return 1 / (1 + Math.log(moment));
}

function sumOf(left: Waits, right: Waits): Waits {
  return { sent: left.sent + right.sent, late: left.late + right.late };
}
