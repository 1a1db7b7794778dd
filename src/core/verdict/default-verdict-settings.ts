import { bucketsFor } from '../model/histogram.ts';
import { metricFamilies, type MetricFamily, type VerdictSettings } from './verdict-settings.ts';

const SHARES: Readonly<Record<MetricFamily, number>> = {
  errors: 0.4,
  latency: 0.4,
  resources: 0.2,
};

/**
 * Only odds that a tick can tell apart: those of a median that is far off rise by `gainMax` with the lower
 * ones, too, and small ones are not seen in the tail. Each alternative more costs all others a part.
 */
const THRESHOLDS: VerdictSettings['latency']['thresholds'] = [
  { quantile: 0.5, alternatives: [1.1, 1.25, 1.6] },
  { quantile: 0.75, alternatives: [1.1, 1.25, 1.6] },
  { quantile: 0.9, alternatives: [1.1, 1.25, 1.6, 2.5] },
  { quantile: 0.95, alternatives: [1.25, 1.6, 2.5] },
  { quantile: 0.99, alternatives: [1.25, 1.6, 2.5, 5] },
  { quantile: 0.999, alternatives: [1.6, 2.5, 5] },
];

/**
 * Closest where a release is worse by little more than what is tolerated: there this share is what is
 * proven last. Of one that fails much more often each failure proves enough with any of them.
 */
const ABSOLUTE_ALTERNATIVES: readonly number[] = [2, 4, 6, 12, 20, 100];

/** Of all deployments of good releases, so many are reverted at most. */
const FALSE_ROLLBACK = 0.001;
/** A longer tick does not show how its slow answers clump, so it is worth less. */
const LONG_TICK_MS = 5_000;

/** Of a deployment that judges the given families, at least one; the others' share goes to them. */
export function defaultVerdictSettings(options: {
  readonly tickMs: number;
  readonly horizonTicks: number;
  readonly families: readonly MetricFamily[];
  /** Among how many services of one deployment the bound on wrong rollbacks is shared; 1 unless said. */
  readonly services?: number;
  /** Slowdown that nobody minds, however large a part of the response time; 0 unless said. */
  readonly latencyMarginUs?: number;
  /** What is judged of `resources`. */
  readonly gauges?: readonly string[];
  /** False when retries of one caller cannot be told from failures of several. */
  readonly areDistinct?: boolean;
  /** False where nobody asks whether the candidate is as fast beyond doubt: that is not weighed then. */
  readonly excludesHarm?: boolean;
}): VerdictSettings {
  const { tickMs, horizonTicks, families, latencyMarginUs = 0, gauges = [] } = options;
  const { services = 1, excludesHarm = true } = options;
  const judged = families.reduce((sum, family) => sum + SHARES[family], 0);
  const weights = Object.fromEntries(
    metricFamilies.map((family) => [
      family,
      families.includes(family) ? SHARES[family] / judged : 0,
    ]),
  ) as Record<MetricFamily, number>;
  return {
    tickMs,
    restarts: { first: 0.5, horizonTicks, lateShare: 0.01 },
    falseRollback: FALSE_ROLLBACK / services,
    falsePass: 0.01,
    weights,
    gainMax: { errors: 4, latency: tickMs > LONG_TICK_MS ? 1 : 2 },
    errors: {
      ratio: 1.25,
      rate: 1e-4,
      incidentRate: 1e-2,
      alternatives: [2, 4, 10, 30, 200],
      absoluteAlternatives: ABSOLUTE_ALTERNATIVES,
      harm: { ratio: 2, rate: 1e-3 },
      passAlternatives: [0.05, 0.25, 0.5, 0.7],
      areDistinct: options.areDistinct ?? true,
    },
    resources: { gauges },
    latency: {
      thresholds: THRESHOLDS,
      marginBuckets: bucketsFor(0.05),
      marginUs: latencyMarginUs,
      pass: {
        quantiles: excludesHarm ? [0.5, 0.95, 0.99] : [],
        marginBuckets: bucketsFor(0.21),
        marginUs: 4 * latencyMarginUs,
        alternatives: [1.3, 2, 4],
      },
    },
  };
}
