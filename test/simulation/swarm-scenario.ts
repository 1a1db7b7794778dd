import { ONLY_WITH_DATA } from './expectation-of.ts';
import { faults as faultKinds } from './fault.ts';
import {
  planShapes,
  releaseBehaviours,
  type PlanShape,
  type ReleaseBehaviour,
  type Scenario,
} from './scenario.ts';
import { seededRandom } from './seeded-random.ts';

/** Runs without faults make about as many calls; most faults of a run find one to strike. */
export const CALLS: Readonly<Record<PlanShape, number>> = {
  'two-shifts': 95,
  mirrored: 85,
  'blue-green': 80,
  rolling: 105,
  approved: 130,
  baseline: 110,
  together: 250,
  repair: 75,
  rollback: 60,
  first: 40,
  compared: 250,
  migrated: 180,
};
const FAULTS_MAX = 4;
/** What takes two or three times as long meets every single fault. */
const SWARMED = planShapes.filter((shape) => shape !== 'together' && shape !== 'compared');
/** What only a comparison finds is good elsewhere, or errs; what hangs is met where hangs are watched for. */
const ONLY_BESIDE: readonly ReleaseBehaviour[] = ['slower', 'fails-more', 'hangs'];
export const findable = releaseBehaviours.filter(
  (release) => !ONLY_BESIDE.includes(release) && !ONLY_WITH_DATA.includes(release),
);

/** One of a swarm: any plan, any release, any few faults at any calls, all from the seed. */
export function swarmScenario(seed: number): Scenario {
  const random = seededRandom(seed);
  const shape = SWARMED[random.below(SWARMED.length)] ?? 'two-shifts';
  const count = random.below(FAULTS_MAX + 1);
  const faults = Array.from({ length: count }, () => ({
    fault: faultKinds[random.below(faultKinds.length)] ?? 'request-lost',
    at: random.below(CALLS[shape]),
  }));
  // Every other release is good: a revert has half of the phases only.
  const known = shape === 'migrated' ? ONLY_WITH_DATA : findable;
  const bad = known[random.below(known.length)] ?? 'good';
  return { seed, release: random.below(2) === 0 ? 'good' : bad, shape, faults };
}
