/** What is asked of a target under load. A load that was not what it should be shows nothing that is good. */
import { showDuration } from '../../words/show-duration.ts';
import { showNumber } from '../../words/show-number.ts';
import { showValue } from '../../words/show-value.ts';
import { enough, type Criterion } from '../criterion.ts';
import type { GeneratorState, LatencyQuantiles, LoadResult } from '../fact.ts';
import type { LoadRule } from '../rule.ts';
import type { Tally } from '../tally.ts';

const ANSWERS = 'answers a second';
const LATENCY = 'latency, ';

export function loadCriteria(rule: LoadRule, { loads }: Tally): readonly Criterion[] {
  const requests = loads.reduce((sum, load) => sum + load.requests, 0);
  return [
    enough('requests', requests, rule.requestsMin),
    ...loads.flatMap((load) => criteriaOf(rule, load)),
  ];
}

/** Rate and latency, with what they are asked to be; null of what was under no load. */
export function loadHeadline(criteria: readonly Criterion[]): string | null {
  // Of several loads one that is not met is what people must see.
  const shown = [...criteria].sort((a, b) => Number(a.state === 'met') - Number(b.state === 'met'));
  const rate = shown.find(({ what }) => what === ANSWERS);
  const latency = shown.find(({ what }) => what.startsWith(LATENCY));
  if (!rate || !latency) return null;
  const time = `${latency.what.slice(LATENCY.length)} ${latency.observed} (${latency.limit})`;
  return `${rate.observed} ${ANSWERS} (${rate.limit}), ${time}`;
}

function criteriaOf(
  { rateMin, latency, errorRateMax }: LoadRule,
  { requests, failed, ratePerSecond, latencyMs, generator }: LoadResult,
): readonly Criterion[] {
  const errorRate = requests > 0 ? failed / requests : NaN;
  const keptUp = generator?.keptUp ?? true;
  return [
    {
      ...{ what: ANSWERS, observed: showNumber(ratePerSecond, rateMin) },
      limit: `at least ${showNumber(rateMin)}`,
      // A target that was not asked as often as it should be is not to blame.
      state: ratePerSecond >= rateMin ? 'met' : keptUp ? 'unmet' : 'unknown',
    },
    blamed(keptUp, latencyCriterion(latencyMs, latency)),
    {
      ...{ what: 'share of failures', observed: percent(errorRate) },
      limit: errorRateMax === 0 ? 'none' : `at most ${percent(errorRateMax)}`,
      state: errorRate <= errorRateMax ? 'met' : Number.isNaN(errorRate) ? 'unknown' : 'unmet',
    },
    ...(generator ? [keepingUp(generator)] : []),
  ];
}

/** What waited in the generator waited not in the target. */
function blamed(keptUp: boolean, criterion: Criterion): Criterion {
  return criterion.state === 'unmet' && !keptUp ? { ...criterion, state: 'unknown' } : criterion;
}

function keepingUp({ keptUp, observed }: GeneratorState): Criterion {
  const state = keptUp ? 'met' : 'unknown';
  return { what: 'the generator kept up', observed, limit: 'it did', state };
}

/** Of a tool that reports other quantiles, one above shows that it is met, one below that it is not. */
function latencyCriterion(
  found: LatencyQuantiles,
  { quantile, maxMs }: LoadRule['latency'],
): Criterion {
  const what = `${LATENCY}${quantile}`;
  const limit = `at most ${showDuration(maxMs)}`;
  const exact = found[quantile];
  if (exact !== undefined && !Number.isNaN(exact)) {
    const observed = showValue(exact, 'ms', maxMs);
    return { what, observed, limit, state: exact <= maxMs ? 'met' : 'unmet' };
  }
  const others = Object.entries(found).filter(([, ms]) => !Number.isNaN(ms));
  const above = others.find(([name, ms]) => order(name) > order(quantile) && ms <= maxMs);
  if (above) return { what, observed: shown(above), limit, state: 'met' };
  const below = others.find(([name, ms]) => order(name) < order(quantile) && ms > maxMs);
  if (below) return { what, observed: shown(below), limit, state: 'unmet' };
  const names = others.map(([name]) => name).join(', ');
  const observed = names === '' ? 'not in the report' : `not in the report, which has ${names}`;
  return { what, observed, limit, state: 'unknown' };
}

function shown([name, ms]: readonly [string, number]): string {
  return `${name} is ${showDuration(ms)}`;
}

/** `p95` → 95, `max` → 100 */
function order(quantile: string): number {
  return quantile === 'max' ? 100 : Number(quantile.slice(1));
}

function percent(share: number): string {
  return Number.isNaN(share) ? 'unknown' : `${showNumber(share * 100)} %`;
}
