/** What a mutant is tried with, so that most are found in the first dozens of runs. */
import { ONLY_WITH_DATA } from '../expectation-of.ts';
import type { Fault } from '../fault.ts';
import {
  planShapes,
  releaseBehaviours,
  type PlanShape,
  type ReleaseBehaviour,
  type Scenario,
} from '../scenario.ts';
import { seededRandom } from '../seeded-random.ts';
import { singleFaults } from '../single-faults.ts';
import type { SimulatedPlans } from '../simulated-plans.ts';
import { CALLS, findable, swarmScenario } from '../swarm-scenario.ts';

/** Calls in which a command is sent, carried out and recorded. */
const CLOSE = 12;
/** No divisors in common with the number of faults, so that each of them comes at many calls. */
const GOOD_STEP = 7;
const ERRORS_STEP = 19;

/** Runs where it is likely to show, before one of each plan and release, which take longer. */
const FIRST = 60;

export interface Effort {
  /** Runs with the faults under which the mutant is likely to show. */
  readonly likely: number;
  /** Of the single faults of a release, the first of so many that lie far from each other. */
  readonly singles: number;
  readonly swarm: number;
}

/** Enough to find what can be found; a mutant that nobody can find is tried with less. */
export const WHOLE: Effort = { likely: 2_400, singles: 420, swarm: 2_000 };
export const SHARE: Effort = { likely: 150, singles: 150, swarm: 150 };

/** Where a mutant is likely to show. */
export interface Likely {
  readonly under: readonly Fault[];
  readonly shape: PlanShape;
}

export async function* mutantScenarios(
  plans: SimulatedPlans,
  { under, shape: likelyShape }: Likely,
  { likely, singles, swarm }: Effort,
): AsyncGenerator<readonly Scenario[]> {
  const struck = Array.from({ length: under.length > 0 ? likely : 0 }, (_, index) =>
    struckBy({ under, shape: likelyShape }, index),
  );
  yield struck.slice(0, FIRST);
  yield planShapes.flatMap((shape) =>
    releasesFor(shape).map((release) => ({ seed: 1, release, shape, faults: [] })),
  );
  yield struck.slice(FIRST);
  yield spread(await singleFaults(plans, { seed: 1, release: 'good' }), GOOD_STEP, singles);
  yield spread(await singleFaults(plans, { seed: 1, release: 'errors' }), ERRORS_STEP, singles / 3);
  yield Array.from({ length: swarm }, (_, seed) => swarmScenario(1_000 + seed));
}

function struckBy({ under, shape }: Likely, index: number): Scenario {
  const seed = 500_000 + index;
  const random = seededRandom(seed);
  // By turns anywhere, and close behind each other: what one has begun the next one meets.
  const calls = CALLS[shape];
  let at = 0;
  const faults = under.map((fault) => {
    at = at === 0 || index % 2 === 0 ? random.below(calls) : at + 1 + random.below(CLOSE);
    return { fault, at };
  });
  // Bad releases, too: some mistakes only show where something is taken back.
  const known = knownIn(shape);
  const bad = known[random.below(known.length)] ?? 'good';
  return { seed, release: index % 4 === 3 ? bad : 'good', shape, faults };
}

/** Each where it is another than a good one; with a database those that are wrong there, and one that errs. */
function releasesFor(shape: PlanShape): readonly ReleaseBehaviour[] {
  if (shape === 'migrated') return ['good', 'errors', ...ONLY_WITH_DATA];
  return releaseBehaviours.filter((release) => !ONLY_WITH_DATA.includes(release));
}

/** What shows nowhere but in one plan is tried there. */
function knownIn(shape: PlanShape): readonly ReleaseBehaviour[] {
  if (shape === 'migrated') return ONLY_WITH_DATA;
  if (shape === 'compared') return releaseBehaviours.filter((each) => each !== 'differs');
  return findable.filter((each) => each !== 'differs' || shape === 'mirrored');
}

function spread(all: readonly Scenario[], step: number, count: number): readonly Scenario[] {
  const places = Array.from({ length: Math.ceil(all.length / step) }, (_, index) => index * step);
  const far = places.map((place, index) => places[(index * 89) % places.length] ?? place);
  return [...new Set(far)].slice(0, count).flatMap((place) => all[place] ?? []);
}
