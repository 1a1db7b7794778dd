/**
 * Every constant of the verdict, fixed before the first tick and kept with the deployment: a change of
 * one is another engine and new evidence.
 */
import type { RestartWeights } from './restart-mixture.ts';

export type MetricFamily = 'errors' | 'latency' | 'resources';

export const metricFamilies: readonly MetricFamily[] = ['errors', 'latency', 'resources'];

export interface VerdictSettings {
  readonly tickMs: number;
  /** When evidence may begin: over the planned number of ticks of the whole deployment. */
  readonly restarts: RestartWeights;
  /** Allowed probability of a false ROLLBACK, for the whole deployment. */
  readonly falseRollback: number;
  /** Allowed probability of a false PASS, for each metric. */
  readonly falsePass: number;
  /** Share of each family in the evidence; they sum to 1, and one that is not judged has 0. */
  readonly weights: Readonly<Record<MetricFamily, number>>;
  /**
   * How much the evidence may rise in one tick, in nats. One moment, in which everything that an arm had
   * under way failed or stood still, is one observation, however many responses were in it.
   */
  readonly gainMax: { readonly errors: number; readonly latency: number };
  readonly errors: {
    /** Tolerated failures of the candidate, as a multiple of the stable release's. */
    readonly ratio: number;
    /** Tolerated share of failures, from 0 to 1, however few the stable release has. */
    readonly rate: number;
    /** Share of failures in all traffic from which on nothing is concluded, and nobody blamed. */
    readonly incidentRate: number;
    /** Alternatives, as multiples of what is tolerated. */
    readonly alternatives: readonly number[];
    /** Of the tolerated share, where they are others; missing in old records. */
    readonly absoluteAlternatives?: readonly number[];
    /** A PASS excludes that failures are both: so many times the stable release's, and such a share. */
    readonly harm: { readonly ratio: number; readonly rate: number };
    /** Alternatives of the PASS, as fractions of the harm. */
    readonly passAlternatives: readonly number[];
    /** Whether retries of one caller can be told from failures of several. */
    readonly areDistinct: boolean;
  };
  readonly resources: {
    /** Names of all gauges that are judged; one that was never seen is no evidence either way. */
    readonly gauges: readonly string[];
  };
  readonly latency: {
    /** Rising; each with its alternatives: odds ratios of lying beyond its threshold. */
    readonly thresholds: readonly {
      readonly quantile: number;
      readonly alternatives: readonly number[];
    }[];
    /** Tolerated slowdown in buckets of the histogram. */
    readonly marginBuckets: number;
    /** Tolerated slowdown in microseconds; what is more of the two holds. */
    readonly marginUs: number;
    readonly pass: {
      readonly quantiles: readonly number[];
      /** Slowdown that a PASS excludes, in buckets. */
      readonly marginBuckets: number;
      readonly marginUs: number;
      readonly alternatives: readonly number[];
    };
  };
}
