/** All kinds of runs, added up. */
import { tableCells } from '../../test/simulation/fault-table.ts';
import { planShapes, type PlanShape } from '../../test/simulation/scenario.ts';
import { simulateInThreads } from './simulate-in-threads.ts';
import type { PairRound } from './simulate-worker.ts';
import { addTally, emptyTally, traceHashOf, type Tally } from './tally.ts';

export interface SimulationReport {
  readonly deployments: number;
  readonly violations: number;
  /** All there are, and those that were run with their faults struck. */
  readonly singles: Points;
  readonly pairs: Points & { readonly timings: Readonly<Record<string, number>> };
  /** Pairs at any calls of the plans that take long. */
  readonly sampled: Points;
  /** Cells of the fault table, and how often the rarest of them was struck. */
  readonly sometimes: { readonly cells: number; readonly min: number; readonly rarest: string };
  readonly outcomes: Readonly<Record<string, number>>;
  readonly traceHash: string;
}

interface Points {
  readonly points: number;
  readonly run: number;
}

/** About as many pairs as a plan has at one timing; a smaller number of runs takes what fits. */
const PAIRS: Readonly<Record<PlanShape, number>> = {
  'two-shifts': 348_000,
  mirrored: 41_000,
  'blue-green': 327_000,
  rolling: 254_000,
  approved: 294_000,
  baseline: 314_000,
  together: 1_400_000,
  repair: 290_000,
  rollback: 156_000,
  first: 107_000,
  compared: 300_000,
  migrated: 127_000,
};
const TIMINGS = 8;
/** A smaller part of a plan's pairs is not worth what they begin with: every single fault of it. */
const SHARES_MAX = 4;
const SAMPLED_MAX = 3_000;

export async function simulate(options: {
  readonly deployments: number;
  readonly seed: number;
}): Promise<{ readonly report: SimulationReport; readonly failures: Tally['failures'] }> {
  const { deployments, seed } = options;
  const singles = await simulateInThreads({ kind: 'singles', seed });
  const rounds = roundsIn(deployments - singles.deployments, seed);
  const pairs = await simulateInThreads({ kind: 'pairs', rounds });
  const left = Math.max(0, deployments - singles.deployments - pairs.deployments);
  const few = Math.min(SAMPLED_MAX, left);
  const sampled = await simulateInThreads({ kind: 'sampled', first: seed, end: seed + few });
  const rest = left - few;
  const swarm = await simulateInThreads({ kind: 'swarm', first: seed, end: seed + rest });
  const total = emptyTally();
  for (const tally of [singles, pairs, sampled, swarm]) addTally(total, tally);
  return {
    failures: total.failures,
    report: {
      deployments: total.deployments,
      violations: total.violations,
      singles: pointsOf(singles),
      pairs: { ...pointsOf(pairs), timings: timingsOf(rounds) },
      sampled: pointsOf(sampled),
      sometimes: sometimesOf(total),
      outcomes: total.outcomes,
      traceHash: traceHashOf(total),
    },
  };
}

/** All plans at the first timing, then all at the next, for as long as they fit; of one that does not, a share. */
function roundsIn(deployments: number, seed: number): readonly PairRound[] {
  const rounds: PairRound[] = [];
  let left = deployments;
  for (let timing = 0; timing < TIMINGS; timing += 1) {
    for (const shape of planShapes) {
      if (left < PAIRS[shape] / SHARES_MAX) return rounds;
      const share = Math.max(1, Math.ceil(PAIRS[shape] / left));
      rounds.push({ shape, seed: seed + timing, share });
      left -= PAIRS[shape] / share;
    }
  }
  return rounds;
}

function timingsOf(rounds: readonly PairRound[]): Readonly<Record<string, number>> {
  const sumOf = (of: PlanShape): number =>
    rounds.reduce((sum, { shape, share }) => (shape === of ? sum + 1 / share : sum), 0);
  const counts = planShapes.map((of) => [of, sumOf(of)]);
  return Object.fromEntries(counts) as Record<PlanShape, number>;
}

function pointsOf({ deployments, struck }: Tally): Points {
  return { points: deployments, run: struck };
}

export function sometimesOf({ cells }: Tally): SimulationReport['sometimes'] {
  const counts = tableCells.map((cell) => ({ cell, count: cells[cell] ?? 0 }));
  const rarest = counts.reduce((least, each) => (each.count < least.count ? each : least));
  return { cells: counts.length, min: rarest.count, rarest: rarest.cell };
}
