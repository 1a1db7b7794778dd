import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aSimulatedPlan } from './a-simulated-plan.ts';
import { carryOutRun } from './carry-out-run.ts';
import { carryOutRuns } from './carry-out-runs.ts';
import { everySingleFault } from './every-single-fault.ts';
import { releaseBehaviours } from './scenario.ts';
import { swarmScenario } from './swarm-scenario.ts';

const plan = aSimulatedPlan();

for (const release of releaseBehaviours) {
  const expected = release === 'good' ? 'promoted' : 'reverted';
  test(`without faults a release that is ${release} is ${expected}`, async () => {
    const { status, violations } = await carryOutRun(plan, { seed: 1, release, faults: [] });

    assert.deepEqual(violations, []);
    assert.equal(status, expected);
  });
}

test('the same scenario gives the same run', async () => {
  const scenario = {
    seed: 7,
    release: 'good',
    faults: [{ fault: 'answer-lost', at: 20 }],
  } as const;

  const [first, second] = await Promise.all([
    carryOutRun(plan, scenario),
    carryOutRun(plan, scenario),
  ]);

  assert.deepEqual(first, second);
});

for (const release of ['good', 'errors', 'exits'] as const) {
  test(`every single fault at every call of a release that is ${release}`, async () => {
    const scenarios = await everySingleFault(plan, release, 1);

    const results = await carryOutRuns(plan, scenarios);

    const bad = results.filter(({ violations }) => violations.length > 0);
    assert.deepEqual(
      bad.map(({ scenario, violations }) => ({ scenario, violations })),
      [],
    );
    assert.ok(results.every(({ struck }) => struck.length === 1));
  });
}

test('a swarm of any few faults', async () => {
  const scenarios = Array.from({ length: 1_000 }, (_, seed) => swarmScenario(seed));

  const results = await carryOutRuns(plan, scenarios);

  assert.deepEqual(
    results.filter(({ violations }) => violations.length > 0).map(({ scenario }) => scenario),
    [],
  );
});
