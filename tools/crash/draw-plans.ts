/** Strikes of a long run: victim, step, moment and way are drawn, the same for the same seed. */
import { randomAt } from '../load/random-at.ts';
import type { StrikeKind } from './blow.ts';
import { crashPlans, type StepNames } from './crash-plans.ts';
import type { CrashPlan } from './crash-run.ts';
import type { Victim } from './victim.ts';

/** Over so many seeds a matrix has every moment and way of a step. */
const SEEDS = [0, 1, 2, 3];

export function drawPlans(
  names: StepNames,
  kind: StrikeKind,
  wanted: { readonly victims: readonly Victim[]; readonly seed: number; readonly count: number },
): readonly CrashPlan[] {
  const { victims, seed, count } = wanted;
  return Array.from({ length: count }, (_, index) => {
    // The victim first: one with fewer steps is struck no less often.
    const victim = pick(victims, randomAt(seed, index, 0));
    const all = SEEDS.flatMap((draw) =>
      crashPlans(names, kind, { victims: [victim], steps: 'all', points: 'all', seed: draw }),
    );
    // A copy: the same strike may be drawn twice, and must then be dealt twice.
    return { ...pick(all, randomAt(seed, index, 1)) };
  });
}

function pick<Item>(items: readonly Item[], random: number): Item {
  const item = items[Math.floor(random * items.length)];
  if (item === undefined) throw new Error('There is nothing to draw from.');
  return item;
}
