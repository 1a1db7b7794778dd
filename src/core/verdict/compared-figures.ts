/** What a comparison has found, to be kept as evidence and to be told in a sentence. */
import { upperBoundOf } from '../model/histogram.ts';
import { quantileBuckets, type DenseHistogram } from './dense-histogram.ts';
import type { ComparisonPolicy } from './comparison.ts';
import {
  concludeVerdict,
  standingOf,
  type Conclusion,
  type OpenPoint,
} from './conclude-verdict.ts';
import type { Evidence } from './evidence-of.ts';
import { latelyOf } from './stable-window.ts';
import type { MetricFamily, VerdictSettings } from './verdict-settings.ts';
import { initialVerdictState, type VerdictState } from './verdict-state.ts';

export interface ComparedArm {
  readonly responses: number;
  /** Callers that met a failure. */
  readonly failures: number;
  /** Of successful answers; null without any. */
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
}

export interface ComparedFigures {
  /** ln E that the candidate is worse. */
  readonly evidence: Evidence;
  /** ln E from which on it is rolled back. */
  readonly needed: number;
  readonly isWorse: boolean;
  readonly culprits: readonly MetricFamily[];
  readonly candidate: ComparedArm;
  /** Response times of the last half an hour. */
  readonly stable: ComparedArm;
  readonly ticks: number;
  readonly discarded: number;
  /** Why there is no PASS yet; null when nothing of the comparison is in its way. */
  readonly open: OpenPoint | null;
}

/** What a look at the gate asks of a comparison; its figures are made when they are told. */
export interface ComparedSoFar extends Pick<ComparedFigures, 'isWorse' | 'open'> {
  /** Of the candidate. */
  readonly responses: number;
  readonly tell: () => ComparedFigures;
}

/**
 * Without a state, before the candidate had any traffic, of nothing. `weight`: its share of the traffic in
 * percent, as it was read back.
 */
export function comparedSoFar(
  { settings, mustExcludeHarm, against }: Omit<ComparisonPolicy, 'warmUpResponses'>,
  weight: number,
  state: VerdictState = initialVerdictState(settings),
): ComparedSoFar {
  // How long the split was held and which instances answer is judged beside the comparison.
  const circumstances = {
    // A pool to compare with gets as much as the candidate.
    ...{ weight: against ? 50 : weight, mustExcludeHarm },
    ...{ sinceTickMs: 0, elapsedMs: 0, elapsedMsMin: 0, reporting: 1, instances: 1 },
  };
  const { verdict, open } = standingOf(settings, state, circumstances);
  return {
    isWorse: verdict === 'ROLLBACK',
    open,
    responses: state.totals.candidateResponses,
    tell: () => figuresOf(settings, state, concludeVerdict(settings, state, circumstances)),
  };
}

function figuresOf(
  settings: VerdictSettings,
  state: VerdictState,
  { verdict, evidence, culprits, open }: Conclusion,
): ComparedFigures {
  const { totals } = state;
  return {
    evidence,
    needed: -Math.log(settings.falseRollback),
    isWorse: verdict === 'ROLLBACK',
    culprits,
    candidate: {
      responses: totals.candidateResponses,
      failures: totals.candidateFailures,
      latencyMs: latencyOf(state.candidateLatency),
    },
    stable: {
      responses: totals.stableResponses,
      failures: totals.stableFailures,
      latencyMs: latencyOf(latelyOf(state.stableLately)),
    },
    ticks: state.ticks,
    discarded: state.discarded,
    open,
  };
}

function latencyOf(histogram: DenseHistogram): ComparedArm['latencyMs'] {
  const buckets = quantileBuckets(histogram, [0.5, 0.95, 0.99]);
  if (buckets === null) return null;
  const [p50 = 0, p95 = 0, p99 = 0] = buckets.map((bucket) => upperBoundOf(bucket) / 1_000);
  return { p50, p95, p99 };
}
