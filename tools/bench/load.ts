/**
 * `npm run bench:load`: whether the load generator holds its rate and what that takes, and whether its latencies are
 * those of a target that stops for a while again and again, by arithmetic and by the correction that wrk2 makes.
 */
import { runLoad, type LoadOutcome } from '../../src/load/run-load.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { freePort } from '../stand/free-port.ts';
import { endProcess, spawnOn, untilAccepts } from './edge/contender.ts';
import { benchTarget } from './load/bench-target.ts';
import { measureStalls, type ComparedQuantile } from './load/measure-stalls.ts';
import type { Stalls } from './load/stalls.ts';
import { atMost, runBench, type Goal, type Table } from './run-bench.ts';

const RATE = 1_000;
const HELD_MS = 60_000;
const RATE_ERROR_MAX = 0.01;
const CORES_MAX = 1;
const LATENCY_ERROR_MAX = 0.05;

const stallsToSee: readonly Stalls[] = [
  { name: '500 ms in each second', everyMs: 1_000, stallMs: 500, count: 30 },
  { name: '1.6 s in each 2 s', everyMs: 2_000, stallMs: 1_600, count: 15 },
  { name: '2 s in 30 s', everyMs: 30_000, stallMs: 2_000, count: 1 },
];

const targetProgram = new URL('./load/stalling-target-main.ts', import.meta.url).pathname;

await runBench(async (say) => {
  say(`Holding ${RATE} requests a second for ${HELD_MS / 1_000} s …`);
  const held = await holdRate();
  const compared: ComparedQuantile[] = [];
  for (const stalls of stallsToSee) {
    say(`A target that stops for ${stalls.name} …`);
    compared.push(...(await measureStalls(stalls)));
  }
  return {
    bench: 'load',
    goals: [...rateGoals(held), ...latencyGoals(compared)],
    distributions: {},
    tables: [tableOf(compared)],
    facts: { seenPerSecond: held.seenPerSecond, held: held.figures },
  };
});

interface HeldRate extends LoadOutcome {
  /** As the target counts it. */
  readonly seenPerSecond: number;
}

async function holdRate(): Promise<HeldRate> {
  const port = await freePort();
  const child = spawnOn('proxy', process.execPath, [targetProgram, String(port)]);
  try {
    await untilAccepts(port);
    const url = new URL(`http://127.0.0.1:${port}/`);
    const outcome = await runLoad({
      target: benchTarget(url),
      plan: { form: 'constant', ratePerSecond: RATE, durationMs: HELD_MS, seed: 1 },
      ...{ warmUpMs: 0, clock: systemClock, signal: new AbortController().signal },
    });
    const answer = await fetch(new URL('/seen', url));
    const seen = (await answer.json()) as { readonly requests: number; readonly overMs: number };
    return { ...outcome, seenPerSecond: ((seen.requests - 1) * 1_000) / seen.overMs };
  } finally {
    await endProcess(child);
  }
}

function rateGoals({ figures, seenPerSecond }: HeldRate): readonly Goal[] {
  return [
    atMost(
      'rate: distance from what was asked for',
      offBy(figures.ratePerSecond / RATE),
      RATE_ERROR_MAX,
    ),
    atMost(
      'rate: distance of what the target has seen',
      ...([offBy(seenPerSecond / RATE), RATE_ERROR_MAX] as const),
    ),
    atMost('rate: failed requests', figures.failed, 0),
    atMost('rate: cores of the generator', figures.own.cpuShare, CORES_MAX),
    atMost('rate: generator that did not keep up', figures.generator.keptUp ? 0 : 1, 0),
  ];
}

function latencyGoals(compared: readonly ComparedQuantile[]): readonly Goal[] {
  return compared.flatMap(({ stalls, quantile, byTruth, byCorrection }) =>
    byTruth === null || byCorrection === null
      ? []
      : [
          atMost(
            `${stalls}, ${quantile}: distance from the truth`,
            offBy(byTruth),
            LATENCY_ERROR_MAX,
          ),
          atMost(
            `${stalls}, ${quantile}: distance from wrk2's correction`,
            ...([offBy(byCorrection), LATENCY_ERROR_MAX] as const),
          ),
        ],
  );
}

function offBy(ratio: number): number {
  return Math.round(Math.abs(ratio - 1) * 10_000) / 10_000;
}

function tableOf(compared: readonly ComparedQuantile[]): Table {
  const ms = (value: number): string => value.toFixed(1);
  const ratio = (value: number | null): string => value?.toFixed(3) ?? '-';
  const rows = compared.map((row) => [
    `${row.stalls}, ${row.quantile}`,
    ...[row.trueMs, row.oursMs, row.correctedMs, row.rawMs].map(ms),
    ...[row.byTruth, row.byCorrection].map(ratio),
  ]);
  return {
    title:
      'Latencies in ms of a target that stops; raw is what a closed loop measures without a correction',
    rows: [['stall', 'truth', 'surefoot', 'as wrk2', 'raw', 'by truth', 'by wrk2'], ...rows],
  };
}
