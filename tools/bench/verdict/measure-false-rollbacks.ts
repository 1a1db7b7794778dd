/** How often each judge rolls back a release that is no different from the stable one. */
import { atLeast, atMost, type Say } from '../run-bench.ts';
import { bakeInThreads } from './bake-in-threads.ts';
import { HOUR_S, judgesOf, runsOf, type BenchPart } from './bench-part.ts';

const RATES = [1, 10, 100, 1_000] as const;

export async function measureFalseRollbacks(say: Say): Promise<BenchPart> {
  const hour = { bakeS: HOUR_S, tickS: 10, perRate: 750, withPeers: 100, kayentaLooksEveryS: 900 };
  const live = { bakeS: HOUR_S, tickS: 1, perRate: 15, withPeers: 0, kayentaLooksEveryS: 900 };
  const days = {
    bakeS: 72 * HOUR_S,
    tickS: 60,
    perRate: 50,
    withPeers: 50,
    kayentaLooksEveryS: HOUR_S,
  };
  say(`${hour.perRate * RATES.length} bakes of an hour, nothing wrong with any …`);
  const inHour = await falseRollbacks(hour);
  say(`${live.perRate * RATES.length} more in ticks of a second, as live gates have them …`);
  const inSeconds = await falseRollbacks(live);
  say(`${days.perRate * RATES.length} bakes of 72 hours …`);
  const inDays = await falseRollbacks(days);
  return {
    goals: [
      atMost('rolled back in bakes of an hour', inHour.surefoot, 0),
      atLeast('bakes of an hour', inHour.bakes, 3_000),
      atMost('rolled back in bakes of an hour in ticks of a second', inSeconds.surefoot, 0),
      atMost('rolled back in bakes of 72 hours', inDays.surefoot, 0),
      atLeast('bakes of 72 hours', inDays.bakes, 200),
    ],
    tables: [
      { title: 'rolled back without any difference, % of bakes of an hour', rows: inHour.rows },
      { title: 'rolled back without any difference, % of bakes of 72 hours', rows: inDays.rows },
    ],
  };
}

async function falseRollbacks(given: {
  readonly bakeS: number;
  readonly tickS: number;
  readonly perRate: number;
  /** Bakes of each rate that the others judge, too. */
  readonly withPeers: number;
  readonly kayentaLooksEveryS: number;
}) {
  const { bakeS, tickS, perRate, withPeers, kayentaLooksEveryS } = given;
  const bakes = RATES.flatMap((candidateRps) =>
    runsOf(perRate, (seed, run) => ({
      traffic: { seed, candidateRps, tickS, errorRate: 0.001, isNoisy: true, pauses: true },
      bakeS,
      ...(run < withPeers && { kayentaLooksEveryS }),
    })),
  );
  const results = await bakeInThreads(bakes);
  const cells = (judge: string): readonly string[] =>
    RATES.map((_, rate) => {
      const ofRate = results
        .slice(rate * perRate, (rate + 1) * perRate)
        .filter(({ rolledBackS }) => judge in rolledBackS);
      return percent(
        ofRate.filter(({ rolledBackS }) => rolledBackS[judge] !== null),
        ofRate,
      );
    });
  return {
    bakes: results.length,
    surefoot: results.filter(({ rolledBackS }) => rolledBackS['Surefoot'] !== null).length,
    rows: [
      ['candidate', ...RATES.map((rate) => `${rate}/s`)],
      ...judgesOf(results).map((judge) => [judge, ...cells(judge)]),
    ],
  };
}

function percent(some: readonly unknown[], all: readonly unknown[]): string {
  return ((100 * some.length) / all.length).toFixed(1);
}
