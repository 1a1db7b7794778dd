import type { PlannedFault } from './fault.ts';
import { faultsOf } from './faults-of.ts';
import type { Scenario } from './scenario.ts';
import { seededRandom } from './seeded-random.ts';
import { simulatedReleases } from './simulated-releases.ts';
import { planOf, type SimulatedPlans } from './simulated-plans.ts';
import { CALLS } from './swarm-scenario.ts';

/** Plans that are no part of the swarm, and whose pairs are too many to be made one by one. */
const SAMPLED = ['together', 'compared'] as const;

/** Two faults at any calls of a plan that takes long, all from the seed. */
export function sampledPair(plans: SimulatedPlans, seed: number): Scenario {
  const random = seededRandom(seed);
  const shape = SAMPLED[random.below(SAMPLED.length)] ?? 'together';
  const releases = simulatedReleases[shape];
  const release = releases[random.below(releases.length)] ?? 'good';
  const known = faultsOf(planOf(plans, { shape }));
  const anyFault = (): PlannedFault => ({
    fault: known[random.below(known.length)] ?? 'request-lost',
    at: random.below(CALLS[shape]),
  });
  return { seed, release, shape, faults: [anyFault(), anyFault()] };
}
