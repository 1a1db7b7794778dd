import { faults as faultKinds } from './fault.ts';
import { releaseBehaviours, type Scenario } from './scenario.ts';
import { seededRandom } from './seeded-random.ts';

/** Runs without faults make about as many calls; most faults of a run find one to strike. */
const CALLS = 110;
const FAULTS_MAX = 4;

/** One of a swarm: any release, any few faults at any calls, all from the seed. */
export function swarmScenario(seed: number): Scenario {
  const random = seededRandom(seed);
  const count = random.below(FAULTS_MAX + 1);
  const faults = Array.from({ length: count }, () => ({
    fault: faultKinds[random.below(faultKinds.length)] ?? 'request-lost',
    at: random.below(CALLS),
  }));
  // Every other release is good: a revert has half of the phases only.
  const bad = releaseBehaviours[random.below(releaseBehaviours.length)] ?? 'good';
  return { seed, release: random.below(2) === 0 ? 'good' : bad, faults };
}
