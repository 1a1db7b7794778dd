/** What is asked of metrics: every series that is meant has a value, and each lies within its limits. */
import { showNumber } from '../../words/show-number.ts';
import type { Criterion } from '../criterion.ts';
import type { MetricSample } from '../fact.ts';
import type { MetricLimit, MetricsRule } from '../rule.ts';
import type { Tally } from '../tally.ts';

export function metricsCriteria({ limits }: MetricsRule, { metrics }: Tally): readonly Criterion[] {
  return limits.map((limit) => criterionOf(limit, metrics));
}

function criterionOf(asked: MetricLimit, metrics: readonly MetricSample[]): Criterion {
  const { name, labels, min, max } = asked;
  const what = nameOf(name, labels);
  const limit = [
    ...(min === null ? [] : [`at least ${showNumber(min)}`]),
    ...(max === null ? [] : [`at most ${showNumber(max)}`]),
  ].join(', ');
  const found = metrics.filter((sample) => isMeant(asked, sample));
  const worst = worstOf(asked, found);
  if (worst) return { what, observed: shown(worst, asked), limit, state: 'unmet' };
  const unknown = found.find(({ value }) => Number.isNaN(value));
  if (unknown) return { what, observed: shown(unknown, asked), limit, state: 'unknown' };
  const [first] = found;
  if (!first) return { what, observed: 'not in the report', limit, state: 'unknown' };
  const observed = found.length === 1 ? shown(first, asked) : `${found.length} series, all within`;
  return { what, observed, limit, state: 'met' };
}

/** The one that lies furthest outside; null when none does. */
function worstOf(
  { min, max }: MetricLimit,
  found: readonly MetricSample[],
): MetricSample | undefined {
  const excess = ({ value }: MetricSample): number =>
    Math.max((min ?? -Infinity) - value, value - (max ?? Infinity));
  return found.filter((sample) => excess(sample) > 0).sort((a, b) => excess(b) - excess(a))[0];
}

function isMeant({ name, labels }: MetricLimit, sample: MetricSample): boolean {
  return (
    sample.name === name &&
    Object.entries(labels).every(([label, value]) => sample.labels[label] === value)
  );
}

function shown({ name, labels, value }: MetricSample, { min, max }: MetricLimit): string {
  const isSole = Object.keys(labels).length === 0;
  const text = Number.isFinite(value) ? showNumber(value, max ?? min ?? value) : String(value);
  return `${text}${isSole ? '' : ` of ${nameOf(name, labels)}`}`;
}

function nameOf(name: string, labels: Readonly<Record<string, string>>): string {
  const inside = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return inside.length === 0 ? name : `${name}{${inside.join(',')}}`;
}
