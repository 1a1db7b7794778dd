/** Failures come in clumps: one caller fails, and fails again when it tries again. */
import type { Draws } from './draws.ts';

export const CLUMP_MEAN = 2;

/** Geometric: twice as often as is tried again on average. */
export function clumpSize(draws: Draws): number {
  let size = 1;
  while (draws.uniform() >= 1 / CLUMP_MEAN) size += 1;
  return size;
}
