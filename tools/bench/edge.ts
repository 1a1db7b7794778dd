/**
 * `npm run bench:edge`: what a request costs that goes through the edge, beside HAProxy and
 * http-proxy-3 in the same run, with 64 connections and an upstream that answers at once.
 */
import type { Contender } from './edge/contender.ts';
import { findLoadGenerator } from './edge/load-generator.ts';
import {
  measureContenders,
  medianOf,
  type Measured,
  type Round,
} from './edge/measure-contenders.ts';
import { arePinned } from './edge/on-core.ts';
import { haproxyVersion } from './edge/start-rivals.ts';
import { quantile } from '../../src/core/model/quantile.ts';
import { atLeast, atMost, runBench, type Goal, type Table } from './run-bench.ts';

const REQUESTS_RATIO_MIN = 0.45;
const CPU_RATIO_MAX = 3;

await runBench(async (say) => {
  const version = haproxyVersion();
  if (version === null) {
    say('Skipped: HAProxy is not installed (apt-get install haproxy), so no goal is measured.');
  }
  const generator = await findLoadGenerator();
  const measured = await measureContenders(generator, { withHaproxy: version !== null }, say);
  return {
    bench: 'edge',
    goals: goalsOf(measured),
    distributions: {},
    tables: [tableOf(measured)],
    facts: { load: generator.name, haproxy: version, pinned: arePinned, rounds: measured },
  };
});

function goalsOf({ edge = [], HAProxy: haproxy = [] }: Measured): readonly Goal[] {
  const failures = atMost('edge: failed requests', sumOf(edge), 0);
  if (haproxy.length === 0) return [failures];
  const perSecond = ratioOf(edge, haproxy, 'perSecond');
  return [
    atLeast('edge: requests/s by HAProxy', perSecond, REQUESTS_RATIO_MIN),
    atMost('edge: CPU per request by HAProxy', ratioOf(edge, haproxy, 'cpuUs'), CPU_RATIO_MAX),
    failures,
  ];
}

/** The median over the rounds, in each of which both met the same machine. */
function ratioOf(
  rounds: readonly Round[],
  others: readonly Round[],
  figure: 'perSecond' | 'cpuUs',
): number {
  const ratios = rounds.map((round, index) => round[figure] / (others[index]?.[figure] ?? NaN));
  return Math.round(quantile(ratios, 0.5) * 1_000) / 1_000;
}

function sumOf(rounds: readonly Round[]): number {
  return rounds.reduce((sum, { failed }) => sum + failed, 0);
}

function tableOf(measured: Measured): Table {
  const haproxy = measured.HAProxy ?? [];
  const rows = Object.entries(measured).map(([name, rounds]) => [
    name,
    medianOf(rounds, 'perSecond').toFixed(0),
    ...(name === ('none' satisfies Contender['name'])
      ? ['-', medianOf(rounds, 'p99Ms').toFixed(2), '-', '-']
      : [
          medianOf(rounds, 'cpuUs').toFixed(1),
          medianOf(rounds, 'p99Ms').toFixed(2),
          ...(haproxy.length === 0
            ? ['-', '-']
            : [
                ratioOf(rounds, haproxy, 'perSecond').toFixed(2),
                ratioOf(rounds, haproxy, 'cpuUs').toFixed(2),
              ]),
        ]),
  ]);
  return {
    title: 'Medians; ratios are to HAProxy, round by round',
    rows: [['proxy', 'req/s', 'CPU µs', 'p99 ms', 'req/s ×', 'CPU ×'], ...rows],
  };
}
