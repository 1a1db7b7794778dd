import { faults as faultKinds } from './fault.ts';
import { planShapes, releaseBehaviours, type PlanShape, type Scenario } from './scenario.ts';
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
};
const FAULTS_MAX = 4;
/** Two services take twice as long, and meet every single fault. */
const SWARMED = planShapes.filter((shape) => shape !== 'together');

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
  const bad = releaseBehaviours[random.below(releaseBehaviours.length)] ?? 'good';
  return { seed, release: random.below(2) === 0 ? 'good' : bad, shape, faults };
}
