/** What a comparison has found, to be kept as evidence and to be told in a sentence. */
import { upperBoundOf } from '../model/histogram.ts';
import { quantileBuckets, type DenseHistogram } from '../model/dense-histogram.ts';
import type { Comparison, ComparisonPolicy } from './comparison.ts';
import {
  concludeVerdict,
  standingOf,
  type Conclusion,
  type OpenPoint,
} from './conclude-verdict.ts';
import type { Evidence } from './evidence-of.ts';
import type { GaugeName } from '../model/instance-usage.ts';
import type { GaugeBlocks } from './gauge-blocks.ts';
import { gaugeEvidence } from './gauge-martingale.ts';
import { latelyOf } from './stable-window.ts';
import type { MetricFamily, VerdictSettings } from './verdict-settings.ts';
import { initialVerdictState, type VerdictState } from './verdict-state.ts';

export interface ComparedArm {
  readonly responses: number;
  /** Callers that met a failure. */
  readonly failures: number;
  /** Of waits for successful answers, or until a client left; null without any. */
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
}

export interface GaugeGrowth {
  readonly gauge: GaugeName;
  /** ln E that it grows faster than it may. */
  readonly evidence: number;
  /** How much more the candidate takes up than the stable release, beside how it was at first. */
  readonly growth: number;
  readonly overMs: number;
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
  /** Those that were seen for two blocks under this split; missing when none is judged. */
  readonly gauges?: readonly GaugeGrowth[];
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
 * Without a comparison, before the candidate had any traffic, of nothing. `weight`: its share of the traffic
 * in percent, as it was read back.
 */
export function comparedSoFar(
  { settings, mustExcludeHarm, against, gauges }: Omit<ComparisonPolicy, 'warmUpResponses'>,
  weight: number,
  comparison: Pick<Comparison, 'state' | 'gauges'> | null,
): ComparedSoFar {
  const state = comparison?.state ?? initialVerdictState(settings);
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
    tell: () => ({
      ...figuresOf(settings, state, concludeVerdict(settings, state, circumstances)),
      ...(gauges && { gauges: growthsOf(state, comparison?.gauges) }),
    }),
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

function growthsOf(
  { gauges }: VerdictState,
  blocks: GaugeBlocks | undefined,
): readonly GaugeGrowth[] {
  return Object.entries(blocks?.series ?? {}).flatMap(([name, { first, last }]) => {
    const martingale = gauges[name];
    if (!martingale || !first || !last || first.second === last.second) return [];
    return {
      gauge: name as GaugeName,
      evidence: gaugeEvidence(martingale),
      growth: last.difference - first.difference,
      overMs: (last.second - first.second) * 1_000,
    };
  });
}

function latencyOf(histogram: DenseHistogram): ComparedArm['latencyMs'] {
  const buckets = quantileBuckets(histogram, [0.5, 0.95, 0.99]);
  if (buckets === null) return null;
  const [p50 = 0, p95 = 0, p99 = 0] = buckets.map((bucket) => upperBoundOf(bucket) / 1_000);
  return { p50, p95, p99 };
}
