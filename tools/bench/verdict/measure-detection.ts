/** How soon each judge rolls back a release that is worse, and what it has cost until then. */
import { atMost, type Goal, type Say } from '../run-bench.ts';
import type { Bake, BakeResult } from './bake.ts';
import { bakeInThreads } from './bake-in-threads.ts';
import { HOUR_S, judgesOf, pairCell, runsOf, type BenchPart } from './bench-part.ts';
import { quantile } from '../../../src/core/model/quantile.ts';
import { regressions } from '../../../src/core/traffic-model/regression.ts';

/** Of the others, which go on for two hours where they find nothing. */
const RUNS_PER_REGRESSION = 40;
/** Of Surefoot where it has goals: the median of 40 varies by an eighth. */
const RUNS_WITH_GOALS = 160;
const DETECTION_S = 2 * HOUR_S;

/** Median and p95 in seconds at 100 requests a second, as published for this method. */
const PUBLISHED: Readonly<Record<string, readonly [median: number, p95: number]>> = {
  '0 to 5 % errors': [5, 10],
  '0 to 0.5 % errors': [25, 70],
  '0.01 to 0.1 % errors': [325, 980],
  'p99 +50 %': [15, 35],
  'p99 +20 %': [65, 220],
  'median +10 %': [80, 1_235],
};

export async function measureDetection(say: Say): Promise<BenchPart> {
  say('Regressions at 100 requests a second, all judges …');
  const all = await detections(100, RUNS_WITH_GOALS, { kayentaLooksEveryS: 900 });
  const rows: (readonly string[])[] = [];
  for (const rate of [1, 10, 1_000]) {
    say(`Regressions at ${rate} requests a second …`);
    const alone = await detections(rate, RUNS_PER_REGRESSION, {});
    rows.push([`${rate}/s`, ...alone.map((results) => delayCell(results, 'Surefoot'))]);
  }
  say('Half a per cent of errors that begins in the twelfth hour …');
  const late = await lateDetections();
  const names = regressions.map(({ name }) => name);
  return {
    goals: [
      ...regressions.flatMap(({ name }, at) => goalsOf(name, all[at] ?? [])),
      atMost('0 to 0.5 % errors in the twelfth hour: median s', quantile(late, 0.5), 60),
    ],
    tables: [
      {
        title: 'rolled back, seconds until then as median / p95, at 100 requests a second',
        rows: [
          ['', ...names],
          ...judgesOf(all.flat()).map((judge) => [
            judge,
            ...all.map((results) => delayCell(results, judge)),
          ]),
        ],
      },
      { title: 'Surefoot by the candidate’s traffic', rows: [['', ...names], ...rows] },
      {
        title: 'failed responses until then, median / p95, at 100 requests a second',
        rows: [
          ['', ...names.slice(0, 3)],
          ...judgesOf(all.flat()).map((judge) => [
            judge,
            ...all.slice(0, 3).map((results) => failedCell(results, judge)),
          ]),
        ],
      },
    ],
  };
}

function goalsOf(name: string, results: readonly BakeResult[]): readonly Goal[] {
  const [medianS = 0, p95S = 0] = PUBLISHED[name] ?? [];
  const delays = results.map(({ rolledBackS }) => rolledBackS['Surefoot'] ?? Infinity);
  return [
    atMost(`${name}: median s`, quantile(delays, 0.5), medianS),
    atMost(`${name}: p95 s`, quantile(delays, 0.95), p95S),
  ];
}

async function detections(
  candidateRps: number,
  runs: number,
  peers: Pick<Bake, 'kayentaLooksEveryS'>,
): Promise<readonly (readonly BakeResult[])[]> {
  const bakes = regressions.flatMap((regression) =>
    runsOf(runs, (seed, run) => ({
      traffic: { seed, candidateRps, tickS: 1, errorRate: 0.000_1, regression, isNoisy: true },
      bakeS: DETECTION_S,
      ...(run < RUNS_PER_REGRESSION && peers),
    })),
  );
  const results = await bakeInThreads(bakes);
  return regressions.map((_, at) => results.slice(at * runs, (at + 1) * runs));
}

async function lateDetections(): Promise<readonly number[]> {
  const [, regression] = regressions;
  const results = await bakeInThreads(
    runsOf(RUNS_PER_REGRESSION, (seed) => ({
      traffic: {
        ...{ seed, candidateRps: 100, tickS: 10, errorRate: 0, regression, isNoisy: true },
        onsetS: 12 * HOUR_S,
      },
      bakeS: 72 * HOUR_S,
    })),
  );
  return results.map(({ rolledBackS }) => {
    const delayS = rolledBackS['Surefoot'] ?? Infinity;
    return delayS < 0 ? Infinity : delayS;
  });
}

function delayCell(results: readonly BakeResult[], judge: string): string {
  const delays = results
    .filter(({ rolledBackS }) => judge in rolledBackS)
    .map(({ rolledBackS }) => rolledBackS[judge] ?? Infinity);
  const found = delays.filter(Number.isFinite).length;
  return `${found} of ${delays.length}, ${pairCell(delays)}`;
}

function failedCell(results: readonly BakeResult[], judge: string): string {
  const judged = results.filter(({ rolledBackS }) => judge in rolledBackS);
  return pairCell(judged.map(({ failed }) => failed[judge] ?? Infinity));
}
