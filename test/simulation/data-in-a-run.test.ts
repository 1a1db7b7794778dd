import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aSimulatedPlan } from './a-simulated-plan.ts';
import { followRun, type FollowedRun } from './follow-run.ts';
import { causeOf, told } from './told.ts';

// What was found by striking every call that is made to data and backups.

const plan = aSimulatedPlan('migrated');

const appliedIn = ({ parts }: FollowedRun): readonly string[] =>
  parts.data?.live().applied.map(({ name }) => name) ?? [];

for (const step of ['secure-data', 'rehearse-migrations']) {
  test(`a store of backups that does not answer once in ${step} is asked again`, async () => {
    const run = await followRun(plan, {
      faults: [{ fault: 'request-lost', step, call: 'blobs.list' }],
    });

    assert.deepEqual(run.violations, []);
    assert.equal(run.status, 'promoted');
    const [failed] = told(run, 'CommandFailed');
    assert.equal(failed?.failure.code, 'backup-unverifiable');
  });
}

test('a migration whose answer is lost is looked for, and applied once', async () => {
  const lost = { fault: 'answer-lost', step: 'apply-migrations', call: 'migration.apply' } as const;
  const run = await followRun(plan, { faults: [lost] });

  assert.deepEqual(run.violations, []);
  assert.equal(run.status, 'promoted');
  assert.equal(told(run, 'CommandFailed')[0]?.failure.effect, 'unknown');
  assert.equal(told(run, 'EffectObserved')[0]?.inForce, false);
  assert.deepEqual(appliedIn(run), ['1.sql', '2.sql']);
});

test('whoever is killed between two migrations has applied the first, and the next process goes on', async () => {
  const call = 'migration.apply';
  const killed = { fault: 'killed-before', step: 'apply-migrations', call, after: 1 } as const;
  const run = await followRun(plan, { faults: [killed] });

  assert.deepEqual(run.violations, []);
  assert.equal(run.status, 'promoted');
  assert.deepEqual(appliedIn(run), ['1.sql', '2.sql']);
});

test('without room for the second migration the deployment goes back, and what is applied stays', async () => {
  const run = await followRun(plan, {
    faults: [{ fault: 'data-full', step: 'apply-migrations', call: 'migration.apply', after: 1 }],
  });

  assert.deepEqual(run.violations, []);
  assert.equal(run.status, 'reverted');
  assert.equal(causeOf(run), 'migration-failed');
  assert.deepEqual(appliedIn(run), ['1.sql']);
});

test('the traffic is watched while nobody answers for the data', async () => {
  const hangs = { fault: 'hangs', step: 'check-data-after', call: 'database.ask' } as const;
  const run = await followRun(plan, { faults: [hangs] });

  assert.deepEqual(run.violations, []);
  const asked = run.calls.filter(({ step }) => step === 'check-data-after');
  assert.ok(asked.filter(({ name }) => name === 'balancer.samples').length > 10);
});
