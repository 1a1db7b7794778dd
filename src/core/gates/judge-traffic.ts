/**
 * The live gate with absolute limits: what a candidate's own requests say about it. Missing, too few
 * or contradictory samples are INCONCLUSIVE; only enough good ones are a PASS.
 */
import {
  addSparse,
  countOfDense,
  quantileBuckets,
  sparseOfDense,
  type DenseHistogram,
} from '../model/dense-histogram.ts';
import { partAbove, upperBoundOf } from '../model/histogram.ts';
import { areRare } from '../routing/admission.ts';
import { compareTokens, type FencingToken } from '../model/fencing-token.ts';
import type { PoolId } from '../model/ids.ts';
import type { RoutingObservation } from '../model/routing.ts';
import type { MirrorFindings } from '../mirror/mirror-report.ts';
import type { ComparedFigures, ComparedSoFar } from '../verdict/compared-figures.ts';
import { comparisonSentence } from '../verdict/comparison-sentence.ts';
import { fallbackSentence } from '../words/fallback-sentence.ts';
import type { OpenPoint, Verdict } from '../verdict/conclude-verdict.ts';
import { atLeast, atMost, below, type Finding } from './finding.ts';
import { gateSentence, passSentence } from './gate-sentence.ts';
import { totalsOf, type CandidateTraffic, type TrafficTotals } from './candidate-traffic.ts';

export interface TrafficLimits {
  /** Least time at a weight before it may pass. */
  readonly holdMs: number;
  /** Somebody has waived what is left of that time; then no request may wait longer than `latency` allows. */
  readonly isHoldWaived?: boolean;
  /** Least requests at the weight before it may pass; at least 1. */
  readonly samplesMin: number;
  /** Fraction of the candidate's requests that may fail: 0.0001 is 0.01 %. */
  readonly errorRateMax: number;
  /** `quantile` from 0 to 1, for example 0.95. */
  readonly latency: { readonly quantile: number; readonly maxMs: number };
}

export interface TrafficEvidence {
  readonly candidate: PoolId;
  /** The weight that was written for the step. */
  readonly weight: number;
  /** Token of the split that was written for the step. */
  readonly token: FencingToken;
  /** Token under which this very gate takes the traffic away. */
  readonly revertToken: FencingToken;
  readonly observation: RoutingObservation;
  readonly traffic: CandidateTraffic;
  /** How long the split has been in force. */
  readonly heldMs: number;
  /** The candidate beside the stable release; null when they are not compared. */
  readonly compared: ComparedSoFar | null;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** One sentence: what was observed against which limit, on how many samples. */
  readonly reason: string;
  readonly findings: readonly Finding[];
  readonly compared?: ComparedFigures;
  /** What copies of requests have shown, before the candidate had any traffic. */
  readonly mirrored?: MirrorFindings;
}

/** Most looks only wait: words and figures are made of those that are told. */
export interface TrafficLook extends Pick<Judgement, 'verdict' | 'findings'> {
  readonly tell: () => Judgement;
}

export function judgeTraffic(limits: TrafficLimits, evidence: TrafficEvidence): TrafficLook {
  const { compared } = evidence;
  const totals = totalsOf(evidence.traffic);
  const taken = trafficTakenAway(evidence, totals.requests);
  const { verdict, findings, reason } = taken
    ? { ...taken, reason: () => taken.reason }
    : judgeRequests(limits, evidence, totals);
  return {
    ...{ verdict, findings },
    tell: () => ({
      ...{ verdict, reason: reason(), findings },
      ...(compared && { compared: compared.tell() }),
    }),
  };
}

interface Untold extends Pick<Judgement, 'verdict' | 'findings'> {
  readonly reason: () => string;
}

function judgeRequests(
  limits: TrafficLimits,
  evidence: TrafficEvidence,
  totals: TrafficTotals,
): Untold {
  const { requests, failures: failed } = totals;
  const failedMax = limits.errorRateMax * Math.max(requests, limits.samplesMin);
  const atWeight = totals.bySequence[evidence.token.sequence] ?? 0;
  const waits = waitsOf(totals, limits);
  const timed = countOfDense(waits);
  const [slow] = quantileBuckets(waits, [limits.latency.quantile]) ?? [];
  const latencyMs = slow === undefined ? 0 : upperBoundOf(slow) / 1_000;
  const waitingMs = evidence.observation.oldestWaitingMs[evidence.candidate] ?? 0;
  const ejected = evidence.observation.ejected[evidence.candidate] ?? [];
  const answered = Object.values(evidence.observation.answered[evidence.candidate] ?? {});
  const findings: readonly Finding[] = [
    atMost(
      'errorRate',
      'fraction',
      requests === 0 ? 0 : failed / requests,
      limits.errorRateMax,
      requests,
    ),
    atMost('latency', 'ms', latencyMs, limits.latency.maxMs, timed),
    atMost('ejected', 'instances', ejected.length, 0, atWeight),
    ...admissionFindings(evidence.observation, evidence.weight),
    atLeast('samples', 'requests', atWeight, limits.samplesMin, atWeight),
    // Who failed may have had no answer to be timed.
    atLeast('timed', 'requests', timed, Math.max(1, limits.samplesMin - failed), timed),
    // What some of its instances answer says nothing of the others.
    quietestFinding(answered, limits, atWeight),
    atLeast('held', 'ms', evidence.heldMs, limits.isHoldWaived ? 0 : limits.holdMs, atWeight),
    ...(evidence.compared ? comparedFindings(evidence.compared, limits) : []),
    // A request that waits longer than the window may yet become a time-out: wait for its end.
    atMost('waiting', 'ms', waitingMs, waitingMsMax(limits), atWeight),
  ];
  const broken = findings.find(
    (finding) =>
      !finding.met &&
      (finding.metric === 'errorRate' ? failed > failedMax : isProvenSlow(finding, limits)),
  );
  if (broken) return { verdict: 'ROLLBACK', reason: () => gateSentence(broken, limits), findings };
  const { compared } = evidence;
  if (compared?.isWorse) {
    const figures = compared.tell();
    const reason = () => comparisonSentence(figures);
    return { verdict: 'ROLLBACK', reason, findings: [comparisonOf(figures), ...findings] };
  }
  if (isSame(evidence.observation.token, evidence.revertToken)) {
    const reason = () =>
      'The traffic was taken away by a process that ended before it recorded why.';
    return { verdict: 'ROLLBACK', reason, findings };
  }
  const unmet = findings.find((finding) => !finding.met);
  if (unmet) {
    return { verdict: 'INCONCLUSIVE', reason: () => gateSentence(unmet, limits), findings };
  }
  const { weight } = evidence;
  const passed = { atWeight, weight, failed, requests, latencyMs };
  return { verdict: 'PASS', reason: () => passSentence(passed, limits), findings };
}

/** Half of an even share of the fewest requests, by each instance: less would be chance's, or a broken one. */
function quietestFinding(
  answered: readonly number[],
  { samplesMin }: TrafficLimits,
  atWeight: number,
): Finding {
  // Where none is listed nothing is known of any.
  const counts = answered.length === 0 ? [0] : answered;
  const quietest = Math.min(...counts);
  const each = Math.max(1, Math.floor(samplesMin / (2 * counts.length)));
  return atLeast('quietest', 'requests', quietest, each, atWeight);
}

function waitingMsMax({ isHoldWaived, holdMs, latency }: TrafficLimits): number {
  return isHoldWaived ? latency.maxMs : holdMs;
}

/** Requests that change something, when there are any, must have come to it before it passes. */
function admissionFindings({ admission }: RoutingObservation, weight: number): readonly Finding[] {
  if (admission === null || admission.withheld === 0) return [];
  const { isAdmitted, needed, cleanAnswers, withheld, unsafeSent } = admission;
  const finding = atLeast('admission', 'requests', cleanAnswers, needed, cleanAnswers + withheld);
  const hasSeenOne = unsafeSent > 0 || (areRare(admission) && weight < 100);
  return [{ ...finding, met: isAdmitted && hasSeenOne }];
}

/** A comparison that was asked for and could not be made is no reason to go on. */
function comparedFindings(
  { responses, open }: ComparedSoFar,
  { samplesMin }: TrafficLimits,
): readonly Finding[] {
  return [
    atLeast('compared', 'requests', responses, samplesMin, responses),
    ...openFindings(open, responses),
  ];
}

function openFindings(open: OpenPoint | null, samples: number): readonly Finding[] {
  if (open === null) return [];
  const { observed, limit } = open;
  switch (open.point) {
    case 'discards':
      return [atMost('discarded', 'fraction', observed, limit, samples)];
    case 'not-serving':
      return [below('silent', 'requests', observed, limit, samples)];
    case 'incident':
      return [below('incident', 'nats', observed, limit, samples)];
    case 'errors-open':
    case 'latency-open':
      return [atLeast('harm', 'nats', observed, limit, samples)];
    case 'resources-open':
      return [atLeast('resources', 'resources', observed, limit, samples)];
    case 'no-data':
    case 'stale':
    case 'partial-data':
    case 'too-early':
      // Other findings of the gate say so.
      return [];
  }
}

/** By how much the evidence that the candidate is worse exceeds what is needed. */
function comparisonOf({ evidence, needed, candidate }: ComparedFigures): Finding {
  return {
    metric: 'comparison',
    observed: evidence.total,
    limit: needed,
    unit: 'nats',
    samples: candidate.responses,
    met: false,
  };
}

/** A client that left after a longer wait than an answer may take has met a slow answer, no less. */
function waitsOf(
  { latency, abandonedWaits }: TrafficTotals,
  limits: TrafficLimits,
): DenseHistogram {
  return addSparse(latency, partAbove(sparseOfDense(abandonedWaits), limits.latency.maxMs * 1000));
}

/** ROLLBACK when the split is not in force any more, whoever ended it; null while it is. */
export function trafficTakenAway(
  evidence: Pick<TrafficEvidence, 'observation' | 'candidate' | 'weight' | 'token' | 'revertToken'>,
  requests: number,
): Judgement | null {
  const { observation, candidate, weight, token } = evidence;
  const { fallback } = observation;
  if (fallback?.cause === 'tripped') {
    const { observed, limit } = fallback;
    const finding: Finding =
      fallback.rule === 'hangs'
        ? { ...below('hang', 'requests', observed, limit, fallback.sent), met: false }
        : { ...below('trip', 'failures', observed, limit, requests), met: false };
    return {
      verdict: 'ROLLBACK',
      reason: fallbackSentence(fallback, requests),
      findings: [finding],
    };
  }
  const observed = observation.weights[candidate] ?? 0;
  if (fallback === null && isSame(observation.token, token) && observed === weight) return null;
  if (isSame(observation.token, evidence.revertToken)) return null;
  return {
    verdict: 'ROLLBACK',
    reason: fallback
      ? fallbackSentence(fallback)
      : `The balancer reads back ${observed} % where ${weight} % was written: someone else changed the split.`,
    findings: [
      {
        metric: fallback ? 'lease' : 'split',
        observed,
        limit: weight,
        unit: 'percent',
        samples: 0,
        met: false,
      },
    ],
  };
}

function isSame(left: FencingToken, right: FencingToken): boolean {
  return compareTokens(left, right) === 0;
}

/** Too slow on a handful of requests may be their accident; it is proven on enough of them. */
function isProvenSlow(finding: Finding, limits: TrafficLimits): boolean {
  return finding.metric === 'latency' && finding.samples >= limits.samplesMin;
}
