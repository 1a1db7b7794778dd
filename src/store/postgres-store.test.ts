import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failsWith } from '../../test/support/fails-with.ts';
import { aNewDeployment } from '../../test/support/store/deployment-request.ts';
import { testPostgres, testStore } from '../../test/support/store/test-postgres.ts';
import { initialState, REVERT_SEQUENCE_FIRST } from '../core/deployment/deployment-state.ts';
import { postgresStore } from './postgres-store.ts';
import { describeStoreContract } from '../../test/support/store/store-contract.ts';

describeStoreContract('PostgreSQL', async (t) => {
  const postgres = await testPostgres(t);
  return async (subtest) => postgresStore((await testStore(subtest, postgres)).database);
});

test('the database itself refuses a second running deployment of a scope', async (t) => {
  const { database, sql } = await testStore(t, await testPostgres(t));
  await postgresStore(database).admitDeployment(aNewDeployment());

  await assert.rejects(
    sql(`insert into deployments (number, scope, status, plan, plan_digest, state, actor, reason)
        select 2, scope, status, plan, plan_digest, state, actor, reason from deployments`),
    /deployments_one_running_per_scope/,
  );
});

test('a driver that was cut off within a step does not set back where the deployment stands', async (t) => {
  const { database } = await testStore(t, await testPostgres(t));
  const store = postgresStore(database);
  await store.admitDeployment(aNewDeployment());
  const save = (changes: Partial<typeof initialState>) =>
    store.saveProgress({
      deployment: 1,
      resumption: 0,
      state: { ...initialState, ...changes },
      outcomeKey: 'ended',
      audit: [],
    });

  await save({ lastForwardSequence: 4 });
  await assert.rejects(save({ lastForwardSequence: 3 }), failsWith('driver-replaced'));
  const turned = { lastForwardSequence: 4, lastRevertSequence: REVERT_SEQUENCE_FIRST };
  await save(turned);
  await assert.rejects(save({ lastForwardSequence: 4 }), failsWith('driver-replaced'));

  assert.deepEqual((await store.findDeployment(1))?.state, { ...initialState, ...turned });
});
