import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aSimulatedPlan } from './a-simulated-plan.ts';
import { carryOutRun, type RunResult } from './carry-out-run.ts';
import { carryOutRuns } from './carry-out-runs.ts';
import { faultPairs } from './fault-pairs.ts';
import { releaseBehaviours, type Scenario } from './scenario.ts';
import { singleFaults } from './single-faults.ts';
import { swarmScenario } from './swarm-scenario.ts';

const plan = aSimulatedPlan();

async function resultsOf(scenarios: Iterable<Scenario>): Promise<readonly RunResult[]> {
  const results: RunResult[] = [];
  await carryOutRuns(plan, scenarios, (result) => results.push(result));
  return results;
}

function violationsIn(results: readonly RunResult[]): readonly unknown[] {
  return results
    .filter(({ violations }) => violations.length > 0)
    .map(({ scenario, violations }) => ({ scenario, violations }));
}

for (const release of releaseBehaviours) {
  const expected = release === 'good' ? 'promoted' : 'reverted';
  test(`without faults a release that is ${release} is ${expected}`, async () => {
    const { status, violations } = await carryOutRun(plan, { seed: 1, release, faults: [] });

    assert.deepEqual(violations, []);
    assert.equal(status, expected);
  });
}

test('the same scenario gives the same run, whatever runs beside it', async () => {
  const scenarios = Array.from({ length: 8 }, (_, seed) => swarmScenario(seed));

  const together = await resultsOf(scenarios);
  const alone = await Promise.all(scenarios.map((scenario) => carryOutRun(plan, scenario)));

  const bySeed = together.toSorted((left, right) => left.scenario.seed - right.scenario.seed);
  assert.deepEqual(bySeed, alone);
});

for (const release of ['good', 'errors', 'exits'] as const) {
  test(`every single fault at every call of a release that is ${release}`, async () => {
    const results = await resultsOf(await singleFaults(plan, release, 1));

    assert.deepEqual(violationsIn(results), []);
    assert.ok(results.every(({ struck }) => struck.length === 1));
  });
}

test('pairs of faults: a share of those at every two commands', async () => {
  const share = { release: 'good', seeds: [1], index: 0, of: 40 } as const;

  const results = await resultsOf(await faultPairs(plan, share));

  assert.ok(results.length > 1_000);
  assert.deepEqual(violationsIn(results), []);
  assert.ok(results.every(({ struck }) => struck.length === 2));
});

test('a swarm of any few faults', async () => {
  const results = await resultsOf(Array.from({ length: 1_000 }, (_, seed) => swarmScenario(seed)));

  assert.deepEqual(violationsIn(results), []);
});
