import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aNewDeployment } from '../../test/support/store/deployment-request.ts';
import { testPostgres, testStore } from '../../test/support/store/test-postgres.ts';
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
