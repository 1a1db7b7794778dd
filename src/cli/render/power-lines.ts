/** The power of a plan for people: what it takes, what it catches, what it misses, and what would help. */
import type { Plan } from '../../core/plan/plan.ts';
import type { ConductPower, Pair } from '../../core/power/power-of.ts';
import { comparesAny } from '../../core/rehearsal/world.ts';
import { assumedTimes } from '../../core/rehearsal/assumed-times.ts';
import type { DeclaredTraffic } from '../../core/traffic-model/declared-traffic.ts';
import type { ForecastTraffic } from '../forecast/forecast-traffic.ts';
import { CAUGHT_SHARE, type HoldAdvice, type PowerForecast } from '../forecast/forecast-power.ts';
import { escapeText } from './escape-text.ts';
import type { Paint } from './paint.ts';
import { showDuration } from '../../core/words/show-duration.ts';
import { tableLines } from './table.ts';

export function powerLines(
  plan: Plan,
  forecast: PowerForecast,
  { source, traffic }: ForecastTraffic,
  { paint, columns }: { readonly paint: Paint; readonly columns: number },
): string[] {
  const { power, runs, seed } = forecast;
  const isJudged = plan.steps.some(({ action }) => action.kind === 'judge-traffic');
  return [
    ...forecastHead(traffic, source),
    `rehearsed: ${runs} releases of each kind, seed ${seed}`,
    '',
    paint.strong(`A healthy release is promoted in ${share(power.healthy.promoted)} of all cases.`),
    ...wrongly(power.healthy),
    ...tableLines({
      header: ['step', 'median', 'p95'],
      rows: [
        ...power.steps.map(({ step, ms }) => [step, ...pair(ms, showDuration)]),
        ...(power.totalMs ? [['all', ...pair(power.totalMs, showDuration)]] : []),
      ],
      columns,
    }),
    '',
    ...(isJudged
      ? [
          paint.strong('What is worse is caught, as median / p95 of what was caught:'),
          ...worseLines(power.worse, columns),
          ...adviceLines(plan, forecast),
        ]
      : ['This plan judges no live traffic: nothing that only shows there is caught.']),
  ];
}

/** On what a forecast stands. */
export function forecastHead(traffic: DeclaredTraffic, source: string): string[] {
  const { requestsPerSecond, errorRate, latencyMs } = traffic;
  return [
    `traffic: ${rounded(requestsPerSecond)} requests/s, ${rounded(errorRate * 100)} % errors, p50 ${showDuration(latencyMs.p50)}, p99 ${showDuration(latencyMs.p99)}`,
    `         ${source}`,
    `assumed: instances start within ${showDuration(assumedTimes.startMs)} and pass their probes`,
  ].map(escapeText);
}

function wrongly({ caught, in: places }: ConductPower): string[] {
  if (caught === 0) return [];
  const named = places.map(({ step, by, share: part }) => `${step} by ${by} ${share(part)}`);
  return [`It is taken back wrongly in ${share(caught)}: ${named.join(', ')}.`];
}

function worseLines(worse: readonly ConductPower[], columns: number): string[] {
  return tableLines({
    header: ['release', 'caught', 'after', 'requests', 'of which failed', 'mostly in', 'promoted'],
    rows: worse.map((conduct) => [
      conduct.conduct,
      share(conduct.caught),
      joined(conduct.caughtMs, showDuration),
      joined(conduct.requests, rounded),
      joined(conduct.failures, rounded),
      ...mostly(conduct),
      share(conduct.promoted),
    ]),
    columns,
  });
}

function mostly({ in: [place] }: ConductPower): string[] {
  return [place ? `${place.step} (${place.by})` : '-'];
}

function adviceLines(plan: Plan, { advice, power }: PowerForecast): string[] {
  const isAllCaught = power.worse.every(({ caught }) => caught >= CAUGHT_SHARE);
  if (isAllCaught) return ['', `Each of them is caught in at least ${share(CAUGHT_SHARE)}.`];
  return [
    '',
    ...(comparesAny(plan)
      ? []
      : [
          'Nothing compares the candidate with the stable release: only what breaks a limit is caught. `gate: { compare: [errors, latency] }` catches what is worse than before.',
        ]),
    ...advice.map((each) => adviceLine(plan, each)),
  ];
}

function adviceLine(plan: Plan, { conduct, times, caught, triedTimes }: HoldAdvice): string {
  if (times === null) {
    return `${conduct}: not caught by patience; with every hold ${triedTimes} times as long it is in ${share(caught)}.`;
  }
  const holds = plan.steps.flatMap(({ id, action }) =>
    action.kind === 'judge-traffic' ? [`${id} ${showDuration(action.limits.holdMs * times)}`] : [],
  );
  return `${conduct}: caught in ${share(caught)} when every hold is ${times} times as long (${holds.join(', ')}).`;
}

function pair({ median, p95 }: Pair, show: (value: number) => string): readonly string[] {
  return [show(median), show(p95)];
}

function joined(of: Pair | null, show: (value: number) => string): string {
  return of === null ? '-' : pair(of, show).join(' / ');
}

export function share(part: number): string {
  const percent = part * 100;
  // What was seen once in a thousand is not never.
  return `${percent === 0 || percent === 100 ? percent : Number(percent.toFixed(percent > 99 || percent < 1 ? 2 : 0))} %`;
}

export function rounded(value: number): string {
  return String(value >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}
