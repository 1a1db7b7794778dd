/**
 * `npm run bench:checks`: how long a large report takes to be judged and in what memory, and what a chain adds to the
 * time of its tools.
 */
import { loadavg } from 'node:os';
import { quantile } from '../../src/core/model/quantile.ts';
import { measureChain, type ChainFigures } from './checks/measure-chain.ts';
import { measureJudging, type Judging } from './checks/measure-judging.ts';
import { atMost, runBench, type Table } from './run-bench.ts';

const RESULTS = 100_000;
const JUDGED_S_MAX = 2;
const PEAK_MIB_MAX = 200;
const LARGE_BYTES = 500_000_000;
const LARGE_PEAK_MIB_MAX = 250;
const RUNS = 7;
const OVERHEAD_MAX = 0.05;

await runBench(async (say) => {
  say(`A report of ${RESULTS} results, judged ${RUNS} times …`);
  const many = await measureJudging({ results: RESULTS }, RUNS, say);
  say('A report of 500 MB …');
  const large = await measureJudging({ bytes: LARGE_BYTES }, 1, say);
  say('A chain beside a plain script …');
  const chain = await measureChain(RUNS, say);
  return {
    bench: 'checks',
    goals: [
      atMost(`${RESULTS} results judged, median s`, secondsOf(many), JUDGED_S_MAX),
      atMost(`${RESULTS} results, peak MiB`, peakOf(many), PEAK_MIB_MAX),
      atMost('500 MB of results, peak MiB', peakOf(large), LARGE_PEAK_MIB_MAX),
      atMost('a chain by a plain script: share more', rounded(chain.overhead, 3), OVERHEAD_MAX),
    ],
    distributions: {},
    facts: { waiting: loadavg()[0], many, large, chain },
    tables: [judgingTable([many, large]), chainTable(chain)],
  };
});

function judgingTable(judged: readonly Judging[]): Table {
  return {
    title: 'SARIF, each time in a new process',
    rows: [
      ['results', 'MB', 'runs', 'median s', 'peak MiB'],
      ...judged.map((judging) => [
        String(judging.size.results),
        (judging.size.bytes / 1e6).toFixed(0),
        String(judging.runs.length),
        String(secondsOf(judging)),
        String(peakOf(judging)),
      ]),
    ],
  };
}

function chainTable({ tools, chain, plain, overhead }: ChainFigures): Table {
  return {
    title: `${tools} tools of a second, as many at once as there are processors`,
    rows: [
      ['by', 'median ms', 'more %'],
      ['a plain script', quantile(plain, 0.5).toFixed(0), '-'],
      ['a chain', quantile(chain, 0.5).toFixed(0), (overhead * 100).toFixed(1)],
    ],
  };
}

function secondsOf({ runs }: Judging): number {
  return rounded(
    quantile(
      runs.map(({ judgedMs }) => judgedMs),
      0.5,
    ) / 1_000,
    2,
  );
}

function peakOf({ runs }: Judging): number {
  return Math.round(Math.max(...runs.map(({ peakMib }) => peakMib)));
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
