/** What many rehearsals of a plan came to, for people. */
import type {
  GroupDistribution,
  OutcomeCounts,
  Quantiles,
} from '../../core/power/distribution-of.ts';
import { showDuration } from '../../core/words/show-duration.ts';
import type { OutcomeForecast } from '../forecast/forecast-outcomes.ts';
import type { ForecastTraffic } from '../forecast/forecast-traffic.ts';
import type { Paint } from './paint.ts';
import { forecastHead, rounded, share } from './power-lines.ts';
import { tableLines } from './table.ts';

export function distributionLines(
  { runs, seed, distribution }: OutcomeForecast,
  { traffic, source }: ForecastTraffic,
  { paint, columns }: { readonly paint: Paint; readonly columns: number },
): string[] {
  const { all, byConduct, healthyByMishap, causes, falseReverts, badPromoted } = distribution;
  const table = (header: readonly string[], rows: readonly (readonly string[])[]): string[] =>
    tableLines({ header, rows, columns });
  return [
    ...forecastHead(traffic, source),
    `rehearsed: ${runs} deployments, seed ${seed}; half of the releases are healthy, half of all meet with one or two mishaps`,
    '',
    paint.strong(
      `Promoted ${share(all.promoted / all.runs)}, reverted ${share(all.reverted / all.runs)}, held ${share(all.held / all.runs)}.`,
    ),
    `Healthy releases reverted though nothing went wrong: ${falseReverts.count} of ${falseReverts.of}. Bad releases promoted: ${badPromoted.count} of ${badPromoted.of}.`,
    '',
    ...table(
      ['release', 'runs', 'promoted', 'reverted', 'held', 'takes', 'exposed', 'failed', 'budget s'],
      [
        ...byConduct.map((group) => [group.conduct, ...groupCells(group)]),
        ['all', ...groupCells(all)],
      ],
    ),
    'takes, exposed requests, failed ones, error-budget seconds: p50 / p95 / p99',
    '',
    ...table(
      ['healthy, and …', 'runs', 'promoted', 'reverted', 'held'],
      healthyByMishap.map(({ mishap, ...counts }) => [
        mishap === null ? 'nothing else' : mishapWords[mishap],
        ...countCells(counts),
      ]),
    ),
    '',
    ...table(
      ['not promoted because of', 'end', 'healthy', 'worse'],
      causes.map(({ cause, outcome, ofHealthy, ofWorse }) => [
        cause,
        outcome,
        String(ofHealthy),
        String(ofWorse),
      ]),
    ),
  ];
}

const mishapWords = {
  'server-killed': 'the server is killed',
  'database-away': 'the database is away',
  'balancer-away': 'the balancer is away',
  'target-away': 'the target is away',
  'answer-lost': 'an answer is lost',
  'instance-exits': 'an instance ends',
  aborted: 'somebody aborts',
  'shared-trouble': 'both releases are in trouble',
} as const;

function groupCells(group: GroupDistribution): readonly string[] {
  return [
    ...countCells(group),
    cell(group.totalMs, showDuration),
    cell(group.requests, rounded),
    cell(group.failures, rounded),
    cell(group.budgetSeconds, rounded),
  ];
}

function countCells({ runs, promoted, reverted, held }: OutcomeCounts): readonly string[] {
  return [String(runs), ...[promoted, reverted, held].map((count) => share(count / runs))];
}

function cell({ p50, p95, p99 }: Quantiles, show: (value: number) => string): string {
  return [p50, p95, p99].map(show).join(' / ');
}
