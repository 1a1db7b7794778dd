/** All kinds of runs, added up. */
import { tableCells } from '../../test/simulation/fault-table.ts';
import { simulateInThreads } from './simulate-in-threads.ts';
import { addTally, emptyTally, traceHashOf, type Tally } from './tally.ts';

export interface SimulationReport {
  readonly deployments: number;
  readonly violations: number;
  /** All there are, and those that were run with their faults struck. */
  readonly singles: Points;
  readonly pairs: Points & { readonly timings: number };
  /** Cells of the fault table, and how often the rarest of them was struck. */
  readonly sometimes: { readonly cells: number; readonly min: number; readonly rarest: string };
  readonly outcomes: Readonly<Record<string, number>>;
  readonly traceHash: string;
}

interface Points {
  readonly points: number;
  readonly run: number;
}

/** Enough for every pair of faults at eight timings; a smaller number of runs takes as many as fit. */
const TIMINGS = 8;
/** About as many pairs as one timing has. */
const PAIRS_PER_TIMING = 360_000;

export async function simulate(options: {
  readonly deployments: number;
  readonly seed: number;
}): Promise<{ readonly report: SimulationReport; readonly failures: Tally['failures'] }> {
  const { deployments, seed } = options;
  const timings = Math.min(TIMINGS, Math.floor(deployments / PAIRS_PER_TIMING));
  const singles = await simulateInThreads({ kind: 'singles', seed });
  const seeds = Array.from({ length: timings }, (_, index) => seed + index);
  const pairs = await simulateInThreads({ kind: 'pairs', seeds });
  const rest = Math.max(0, deployments - singles.deployments - pairs.deployments);
  const swarm = await simulateInThreads({ kind: 'swarm', first: seed, end: seed + rest });
  const total = emptyTally();
  for (const tally of [singles, pairs, swarm]) addTally(total, tally);
  return {
    failures: total.failures,
    report: {
      deployments: total.deployments,
      violations: total.violations,
      singles: pointsOf(singles),
      pairs: { ...pointsOf(pairs), timings },
      sometimes: sometimesOf(total),
      outcomes: total.outcomes,
      traceHash: traceHashOf(total),
    },
  };
}

function pointsOf({ deployments, struck }: Tally): Points {
  return { points: deployments, run: struck };
}

export function sometimesOf({ cells }: Tally): SimulationReport['sometimes'] {
  const counts = tableCells.map((cell) => ({ cell, count: cells[cell] ?? 0 }));
  const rarest = counts.reduce((least, each) => (each.count < least.count ? each : least));
  return { cells: counts.length, min: rarest.count, rarest: rarest.cell };
}
