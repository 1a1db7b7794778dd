/** The evidence that the candidate is worse, by family and in all. */
import { gaugeEvidence, initialGauge } from './gauge-martingale.ts';
import { logMeanExp } from './log-mean-exp.ts';
import { metricFamilies, type MetricFamily, type VerdictSettings } from './verdict-settings.ts';
import type { VerdictState } from './verdict-state.ts';

export interface Evidence {
  /** ln E. */
  readonly total: number;
  readonly families: Readonly<Record<MetricFamily, number>>;
}

/** A weighted mean of e-processes is one, however the families depend on each other. */
export function evidenceOf(settings: VerdictSettings, state: VerdictState): Evidence {
  const families: Record<MetricFamily, number> = {
    errors: errorEvidence(state),
    latency: meanOf(state.latency),
    resources: meanOf(
      settings.resources.gauges.map((name) => gaugeEvidence(state.gauges[name] ?? initialGauge)),
    ),
  };
  return { total: totalEvidence(families, settings.weights), families };
}

export function totalEvidence(
  families: Readonly<Record<MetricFamily, number>>,
  weights: Readonly<Record<MetricFamily, number>>,
): number {
  const judged = metricFamilies.filter((family) => weights[family] > 0);
  const parts = judged.map((family) => families[family] + Math.log(weights[family]));
  // The mean of so many parts times their number is their sum.
  return logMeanExp(parts) + Math.log(parts.length);
}

/** To blame is only who is worse than the stable release and bad in absolute terms. */
export function errorEvidence({
  relative,
  absolute,
}: Pick<VerdictState, 'relative' | 'absolute'>): number {
  return Math.min(meanOf(relative), meanOf(absolute));
}

/** ln E of an incident that is nobody's fault. */
export function incidentEvidence({ incident }: Pick<VerdictState, 'incident'>): number {
  return meanOf(incident);
}

/** Before the first tick nothing is known: E is 1. */
function meanOf(logs: readonly number[]): number {
  return logs.length === 0 ? 0 : logMeanExp(logs);
}
