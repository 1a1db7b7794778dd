/** A comparison in plain English. */
import { counted } from '../words/counted.ts';
import { growthWords } from '../words/growth-words.ts';
import { showOdds } from '../words/odds-sentence.ts';
import { showNumber } from '../words/show-number.ts';
import type { ComparedArm, ComparedFigures, GaugeGrowth } from './compared-figures.ts';
import type { MetricFamily } from './verdict-settings.ts';

/** Of a candidate that is worse: what, against what, on how much, and how sure that is. */
export function comparisonSentence(figures: ComparedFigures): string {
  const { culprits, evidence, needed } = figures;
  const found = culprits.map((family) => familySentence(family, figures));
  const what = found.length > 0 ? found.join(' ') : 'All metrics together say so.';
  return `The candidate is worse than the stable release. ${what} That is ${showOdds(evidence.total)} against a release that is no worse, which would get to ${showOdds(needed)} in less than 1 of ${showNumber(Math.round(Math.exp(needed)))} deployments.`;
}

function familySentence(
  family: MetricFamily,
  { candidate, stable, gauges = [] }: ComparedFigures,
): string {
  switch (family) {
    case 'errors':
      return `${failed(candidate)} of the candidate met a failure, ${failed(stable)} of the stable release.`;
    case 'latency':
      return `Its clients wait ${times(candidate)} (p50/p95/p99), those of the stable release ${times(stable)}.`;
    case 'resources':
      return `It takes up more and more${growing(gauges)}.`;
  }
}

/** Nothing when it has been started anew since, so that there is nothing to compare it with. */
function growing(gauges: readonly GaugeGrowth[]): string {
  const grown = gauges.filter(({ evidence }) => evidence > 0).map(growthWords);
  return grown.length === 0 ? '' : `: ${grown.join(', ')}`;
}

function failed({ responses, failures }: ComparedArm): string {
  return `${counted(failures, 'caller')} in ${counted(responses, 'answer')}`;
}

function times({ latencyMs }: ComparedArm): string {
  if (latencyMs === null) return 'an unknown time';
  const { p50, p95, p99 } = latencyMs;
  return `${[p50, p95, p99].map((ms) => showNumber(ms)).join('/')} ms`;
}
