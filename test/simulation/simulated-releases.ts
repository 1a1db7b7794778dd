import type { PlanShape, ReleaseBehaviour } from './scenario.ts';

/**
 * The releases that meet every fault in a plan: one that is promoted, and two that turn round late and
 * early. Left out is what takes the same way as another: errors where nobody judges, and an early end
 * that comes before the plans differ.
 */
export const simulatedReleases = {
  'two-shifts': ['good', 'errors', 'exits'],
  mirrored: ['good', 'differs'],
  'blue-green': ['good', 'errors'],
  rolling: ['good'],
  approved: ['good'],
  baseline: ['good'],
  together: ['good', 'errors'],
  repair: ['good', 'errors', 'exits'],
  rollback: ['good', 'exits'],
  first: ['good', 'exits'],
  compared: ['good', 'slower', 'hangs'],
  migrated: ['good', 'errors', 'loses-rows'],
} as const satisfies Readonly<Record<PlanShape, readonly ReleaseBehaviour[]>>;

/**
 * Those that meet every pair of faults; what a mirror finds goes back as what the first gate finds, and what
 * exits at its start as what errs, without traffic. A good release meets them in other plans, too.
 */
export const pairedReleases: Readonly<Record<PlanShape, readonly ReleaseBehaviour[]>> = {
  ...simulatedReleases,
  'two-shifts': ['good', 'errors'],
  mirrored: ['good'],
  compared: ['slower'],
  migrated: ['good'],
};
