/** What the parts of the bench have in common: their shape, their seeds and the form of their cells. */
import type { Goal, Table } from '../run-bench.ts';
import type { Bake, BakeResult } from './bake.ts';
import { quantile } from '../../../src/core/model/quantile.ts';

export interface BenchPart {
  readonly goals: readonly Goal[];
  readonly tables: readonly Table[];
}

export const HOUR_S = 3_600;
export const SEED = 20_261_126;

export function runsOf(count: number, of: (seed: number, run: number) => Bake): readonly Bake[] {
  return Array.from({ length: count }, (_, run) => of(SEED + run, run));
}

export function judgesOf(results: readonly BakeResult[]): readonly string[] {
  return Object.keys(results[0]?.rolledBackS ?? {});
}

/** Median and p95. */
export function pairCell(values: readonly number[]): string {
  return [quantile(values, 0.5), quantile(values, 0.95)]
    .map((value) => (Number.isFinite(value) ? String(value) : '∞'))
    .join('/');
}
