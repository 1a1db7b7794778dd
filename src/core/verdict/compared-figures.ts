/** What a comparison has found, to be kept as evidence and to be told in a sentence. */
import { upperBoundOf } from '../model/histogram.ts';
import { culpritsOf } from './culprits-of.ts';
import { quantileBuckets, type DenseHistogram } from './dense-histogram.ts';
import { evidenceOf, type Evidence } from './evidence-of.ts';
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
}

/** Without a state, before the candidate had any traffic, of nothing. */
export function comparedFigures(
  settings: VerdictSettings,
  state: VerdictState = initialVerdictState(settings),
): ComparedFigures {
  const { totals } = state;
  const evidence = evidenceOf(settings, state);
  const isWorse = state.condemnedAt !== null;
  return {
    evidence,
    needed: -Math.log(settings.falseRollback),
    isWorse,
    culprits: isWorse ? culpritsOf(settings, evidence) : [],
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
  };
}

function latencyOf(histogram: DenseHistogram): ComparedArm['latencyMs'] {
  const buckets = quantileBuckets(histogram, [0.5, 0.95, 0.99]);
  if (buckets === null) return null;
  const [p50 = 0, p95 = 0, p99 = 0] = buckets.map((bucket) => upperBoundOf(bucket) / 1_000);
  return { p50, p95, p99 };
}
