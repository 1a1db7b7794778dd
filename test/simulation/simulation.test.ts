import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carryOutRun, type RunResult } from './carry-out-run.ts';
import { carryOutRuns } from './carry-out-runs.ts';
import { WRONG_DATA } from './expectation-of.ts';
import { faultPairs } from './fault-pairs.ts';
import { phaseOf } from './phase.ts';
import {
  planShapes,
  releaseBehaviours,
  type PlanShape,
  type ReleaseBehaviour,
  type Scenario,
} from './scenario.ts';
import { planOf, simulatedPlans } from './simulated-plans.ts';
import { simulatedReleases } from './simulated-releases.ts';
import { sampledPair } from './sampled-pair.ts';
import { singleFaults } from './single-faults.ts';
import { swarmScenario } from './swarm-scenario.ts';

const plans = simulatedPlans();

/**
 * Of every so many one: `npm run simulate` carries all of them out, in CI, too. It has no divisor in common with the
 * number of faults of any plan, so that each of them comes at many calls.
 */
const SHARE = 13;

async function resultsOf(scenarios: Iterable<Scenario>): Promise<readonly RunResult[]> {
  const results: RunResult[] = [];
  await carryOutRuns(plans, scenarios, (result) => results.push(result));
  return results;
}

function violationsIn(results: readonly RunResult[]): readonly unknown[] {
  return results
    .filter(({ violations }) => violations.length > 0)
    .map(({ scenario, violations }) => ({ scenario, violations }));
}

function faultsIn(of: readonly (Scenario | RunResult)[]): number {
  const scenarios = of.map((each) => ('scenario' in each ? each.scenario : each));
  return new Set(scenarios.flatMap(({ faults }) => faults.map(({ fault }) => fault))).size;
}

/** Without a gate only what fails by itself is found out, and without a mirror nothing in what is answered. */
const endOf = (shape: PlanShape, release: ReleaseBehaviour): string => {
  if (WRONG_DATA.includes(release)) return shape === 'migrated' ? 'reverted' : 'promoted';
  if (release === 'alters-schema') return shape === 'migrated' ? 'held' : 'promoted';
  if (release === 'differs') return shape === 'mirrored' ? 'reverted' : 'promoted';
  if (release === 'slower') return shape === 'compared' ? 'reverted' : 'promoted';
  if (release === 'errors-once' && shape === 'compared') return 'promoted';
  const isJudged = shape !== 'rollback' && shape !== 'first';
  const failsByItself = ['exits', 'never-accepts', 'fails-probes'].includes(release);
  return release === 'good' || (!isJudged && !failsByItself) ? 'promoted' : 'reverted';
};

for (const shape of planShapes) {
  for (const release of releaseBehaviours) {
    const expected = endOf(shape, release);
    test(`${shape}: without faults a release that is ${release} is ${expected}`, async () => {
      const scenario: Scenario = { seed: 1, release, shape, faults: [] };

      const { status, violations } = await carryOutRun(planOf(plans, scenario), scenario);

      assert.deepEqual(violations, []);
      assert.equal(status, expected);
    });
  }
}

test('the same scenario gives the same run, whatever runs beside it', async () => {
  const scenarios = Array.from({ length: 8 }, (_, seed) => swarmScenario(seed));

  const together = await resultsOf(scenarios);
  const alone = await Promise.all(
    scenarios.map((scenario) => carryOutRun(planOf(plans, scenario), scenario)),
  );

  const bySeed = together.toSorted((left, right) => left.scenario.seed - right.scenario.seed);
  assert.deepEqual(bySeed, alone);
});

for (const shape of planShapes) {
  for (const release of simulatedReleases[shape]) {
    test(`${shape}: single faults at every call of a release that is ${release}`, async () => {
      const all = await singleFaults(plans, { seed: 1, release, shape });
      const results = await resultsOf(all.filter((_, at) => at % SHARE === 0));

      assert.deepEqual(violationsIn(results), []);
      assert.ok(results.every(({ struck }) => struck.length === 1));
      assert.equal(faultsIn(results), faultsIn(all));
    });
  }
}

test('pairs of faults: a share of those at every two commands', async () => {
  const share = { shape: 'two-shifts', release: 'good', seed: 1, index: 0, of: 80 } as const;

  const results = await resultsOf(await faultPairs(plans, share));

  assert.ok(results.length > 1_000);
  assert.deepEqual(violationsIn(results), []);
  assert.ok(results.every(({ struck }) => struck.length === 2));
});

test('pairs of faults in a plan with a mirror: one of both is in its steps', async () => {
  const share = { shape: 'mirrored', release: 'good', seed: 1, index: 0, of: 80 } as const;

  const results = await resultsOf(await faultPairs(plans, share));

  const ofMirror = ({ struck }: RunResult): boolean =>
    struck.some(({ step }) => phaseOf(step) === 'mirror');
  assert.ok(results.length > 300);
  assert.deepEqual(violationsIn(results), []);
  assert.ok(results.every(ofMirror));
});

test('pairs of faults in plans that take long: a few at any calls', async () => {
  const seeds = Array.from({ length: 300 }, (_, seed) => seed);

  const results = await resultsOf(seeds.map((seed) => sampledPair(plans, seed)));

  const shapes = new Set(results.map(({ scenario }) => scenario.shape));
  assert.deepEqual([...shapes].toSorted(), ['compared', 'together']);
  assert.ok(results.filter(({ struck }) => struck.length === 2).length > 150);
  assert.deepEqual(violationsIn(results), []);
});

test('a swarm of any few faults', async () => {
  const results = await resultsOf(Array.from({ length: 1_000 }, (_, seed) => swarmScenario(seed)));

  assert.deepEqual(violationsIn(results), []);
});
