/** How soon a healthy release passes, and whether ever one that is bad or of which nothing is known. */
import { atMost, type Say } from '../run-bench.ts';
import type { Bake, BakeResult } from './bake.ts';
import { bakeInThreads } from './bake-in-threads.ts';
import { HOUR_S, pairCell, runsOf, type BenchPart } from './bench-part.ts';
import { quantile } from '../../../src/core/model/quantile.ts';
import { regressions } from '../../../src/core/traffic-model/regression.ts';

const RUNS = 40;
const LONGEST_S = 2 * HOUR_S;

export async function measurePasses(say: Say): Promise<BenchPart> {
  say('How soon a healthy release passes, and a bad one never …');
  const rates = [1, 10, 100] as const;
  const passes = (candidateRps: number, traffic: Partial<Bake['traffic']>) =>
    bakeInThreads(
      runsOf(RUNS, (seed) => ({
        traffic: { seed, candidateRps, tickS: 1, errorRate: 0.000_1, isNoisy: true, ...traffic },
        bakeS: LONGEST_S,
        untilPass: true,
      })),
    );
  const healthy = [];
  for (const rate of rates) healthy.push(await passes(rate, {}));
  const [, errors, , slow] = regressions;
  const bad = [
    ...(await passes(100, { regression: errors })),
    ...(await passes(100, { regression: slow })),
    ...(await passes(0, {})),
  ];
  const passedS = (results: readonly BakeResult[]) =>
    results.map((result) => result.passedS ?? Infinity);
  const soonest = quantile(passedS(healthy[2] ?? []), 0.5);
  return {
    goals: [
      atMost('bad releases, and such without traffic, that passed', passed(bad).length, 0),
      atMost('a healthy release passes at 100/s: median s', soonest, 90),
    ],
    tables: [
      {
        title: 'a healthy release with 0.01 % errors passes: of 40, seconds as median / p95',
        rows: [
          ['candidate', ...rates.map((rate) => `${rate}/s`)],
          [
            'Surefoot',
            ...healthy.map((results) => `${passed(results).length}, ${pairCell(passedS(results))}`),
          ],
        ],
      },
    ],
  };
}

function passed(results: readonly BakeResult[]): readonly BakeResult[] {
  return results.filter(({ passedS }) => passedS !== null);
}
