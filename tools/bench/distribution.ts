import { quantile } from '../../src/core/model/quantile.ts';

/** What a list of measured times says, in the figures that every bench prints. */
export interface Distribution {
  readonly count: number;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** By nearest rank, so that every figure is one that was measured. Null without values. */
export function distributionOf(values: readonly number[]): Distribution | null {
  const sorted = values.toSorted((left, right) => left - right);
  const last = sorted.at(-1);
  if (last === undefined) return null;
  const at = (share: number): number => rounded(quantile(sorted, share));
  return {
    count: sorted.length,
    median: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: rounded(last),
  };
}

/** `12.3 ms` and the like, for a table; a dash without values. */
export function distributionCells(distribution: Distribution | null): readonly string[] {
  if (distribution === null) return ['0', '-', '-', '-', '-'];
  const { count, median, p95, p99, max } = distribution;
  return [String(count), ...[median, p95, p99, max].map((value) => value.toFixed(3))];
}

function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
