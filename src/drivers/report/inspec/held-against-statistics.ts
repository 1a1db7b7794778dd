/** What a report lists against what it counts, which InSpec's own leave out. Each may list more, and none less. */
import { z } from 'zod';
import type { ControlOutcome } from '../../../core/validation/fact.ts';

const countSchema = z.int().min(0);
const partSchema = z.object({ total: countSchema.nullish() }).nullish();

export const statisticsSchema = z.object({
  controls: z
    .object({
      total: countSchema.nullish(),
      ...{ passed: partSchema, failed: partSchema, skipped: partSchema },
    })
    .nullish(),
});

export type Statistics = z.output<typeof statisticsSchema>;

export type ListedOutcomes = Partial<Record<ControlOutcome, number>>;

/** What is missing, in words. */
export function heldAgainstStatistics(
  { controls }: Statistics,
  listed: ListedOutcomes,
): readonly string[] {
  const { total, passed, failed, skipped } = controls ?? {};
  const parts = [passed, failed, skipped].map((part) => part?.total ?? 0);
  const excess = (counted: number, what: string, found: number): readonly string[] =>
    counted > found ? [`It counts ${counted} ${what} and lists ${found}`] : [];
  const listedOf = (...outcomes: readonly ControlOutcome[]): number =>
    sum(outcomes.map((outcome) => listed[outcome] ?? 0));
  const failedHere = listedOf('failed', 'error');
  const skippedHere = listedOf('not-checked', 'not-applicable', 'waived');
  return [
    ...excess(failed?.total ?? 0, 'controls that failed', failedHere),
    ...excess(skipped?.total ?? 0, 'controls that were skipped', skippedHere),
    ...excess(Math.max(total ?? 0, sum(parts)), 'controls', sum(Object.values(listed))),
  ];
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, each) => all + each, 0);
}
