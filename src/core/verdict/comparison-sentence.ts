/** A comparison in plain English. */
import type { ComparedArm, ComparedFigures } from './compared-figures.ts';
import type { MetricFamily } from './verdict-settings.ts';

/** Of a candidate that is worse: what, against what, on how much, and how sure that is. */
export function comparisonSentence(figures: ComparedFigures): string {
  const { candidate, stable, culprits, evidence, needed } = figures;
  const found = culprits.map((family) => familySentence(family, candidate, stable));
  const what = found.length > 0 ? found.join(' ') : 'All metrics together say so.';
  return `The candidate is worse than the stable release. ${what} One that is no worse gets as far (ln E ${rounded(evidence.total)}, ${rounded(needed)} needed) in less than 1 of ${Math.round(Math.exp(needed))} deployments.`;
}

function familySentence(family: MetricFamily, candidate: ComparedArm, stable: ComparedArm): string {
  switch (family) {
    case 'errors':
      return `It failed ${failed(candidate)}, the stable release ${failed(stable)}.`;
    case 'latency':
      return `Its answers take ${times(candidate)}, those of the stable release ${times(stable)} (p50/p95/p99).`;
    case 'resources':
      return 'It takes up more and more of a resource.';
  }
}

function failed({ responses, failures }: ComparedArm): string {
  return `${failures} callers in ${responses} answers`;
}

function times({ latencyMs }: ComparedArm): string {
  if (latencyMs === null) return 'an unknown time';
  const { p50, p95, p99 } = latencyMs;
  return `${[p50, p95, p99].map(rounded).join('/')} ms`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}
