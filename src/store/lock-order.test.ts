import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { until } from '../../test/support/until.ts';
import { aNewDeployment, anAuditEntry } from '../../test/support/store/deployment-request.ts';
import { testPostgres, testStore } from '../../test/support/store/test-postgres.ts';
import { initialState } from '../core/deployment/deployment-state.ts';
import { admitDeployment } from './admission-store.ts';
import { saveProgress } from './deployment-store.ts';
import { addRequest } from './operator-request-store.ts';

test('an abort that meets a step being recorded waits for it, and neither is a deadlock', async (t) => {
  const { database, ...store } = await testStore(t, await testPostgres(t));
  await admitDeployment(database, aNewDeployment());
  const waiting = async (): Promise<number> =>
    (await store.sql("select 1 from pg_stat_activity where wait_event_type = 'Lock'")).length;

  // Both are held up at the log, so that they hold by then whatever they lock before it.
  const both = await database.transaction().execute(async (transaction) => {
    await sql`select sequence from audit_head for update`.execute(transaction);
    const saved = saveProgress(database, {
      deployment: 1,
      resumption: 0,
      state: initialState,
      outcomeKey: 'ended',
      audit: [anAuditEntry()],
    });
    await until('the step waits', async () => (await waiting()) === 1);
    const asked = addRequest(
      database,
      1,
      { kind: 'abort', actor: 'local:ada', reason: 'because' },
      () => [anAuditEntry()],
    );
    await until('the abort waits', async () => (await waiting()) === 2);
    return [saved, asked];
  });

  const [saved, asked] = await Promise.all(both);
  assert.equal(typeof saved === 'object' && saved?.outcome, null);
  assert.equal(asked, 1);
});
