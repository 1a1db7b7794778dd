import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import pg from 'pg';
import { failsWith } from '../../test/support/fails-with.ts';
import {
  aNewDeployment,
  anAuditEntry,
  aSummary,
} from '../../test/support/store/deployment-request.ts';
import { aPlanOfOneService } from '../../test/support/store/a-plan-of-one-service.ts';
import { testPostgres, testStore } from '../../test/support/store/test-postgres.ts';
import { until } from '../../test/support/until.ts';
import { initialState } from '../core/deployment/deployment-state.ts';
import { openDatabase } from './database.ts';
import { beginTerm, presentTerm } from './driver-term.ts';
import { migrate } from './migrate.ts';
import { firstMigration } from './migrations/0001-first.ts';
import { openPool } from './open-pool.ts';
import { postgresStore } from './postgres-store.ts';
import type { Store } from './store.ts';

const ANSWER_MS_MAX = 20_000;
const moved = { ...initialState, position: 3, lastForwardSequence: 4 };
const abort = { kind: 'abort', actor: 'local:ada', reason: 'no' } as const;

/** All that only a driver writes. */
const writes: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  progress: (store) =>
    store.saveProgress({
      ...{ deployment: 1, resumption: 0, state: moved, outcomeKey: 'a ended' },
      audit: [anAuditEntry({ key: 'a issued' })],
    }),
  outcome: (store) =>
    store.recordOutcome({
      ...{ deployment: 1, commandKey: 'a' },
      audit: [anAuditEntry({ key: 'a ended' })],
    }),
  'taking up': (store) => store.takeUpDeployment(1, 0),
  end: (store) =>
    store.endDeployment({
      ...{ deployment: 1, status: 'held', state: moved, summary: aSummary() },
      audit: [anAuditEntry({ key: 'end' })],
      refusalOf: () => anAuditEntry(),
    }),
};

const notReplaced = () => assert.fail('Nobody else drives.');

test('of several drivers only the last one writes', async (t) => {
  const postgres = await testPostgres(t);

  for (const [name, write] of Object.entries(writes)) {
    await t.test(`a driver whose term is over cannot write: ${name}`, async (t) => {
      const { database, connectionString } = await testStore(t, postgres);
      const session = await sessionWith(t, connectionString);
      const term = await beginTerm(session);
      let replaced = 0;
      const store = postgresStore(database, {
        term: () => term,
        onReplaced: () => (replaced += 1),
      });
      await store.admitDeployment(aNewDeployment());
      await store.addRequest(1, abort, () => [anAuditEntry()]);
      const before = await store.readAudit({ after: 0, limit: 100 });
      await beginTerm(session);

      await assert.rejects(write(store), failsWith('driver-replaced', /Another server drives/));

      assert.equal(replaced, 1);
      const record = await store.findDeployment(1);
      assert.deepEqual(record?.state, initialState);
      assert.deepEqual([record.status, record.resumption], ['running', 0]);
      assert.deepEqual(await store.openRequests(1), ['abort'], 'the request is left to who drives');
      assert.deepEqual(await store.readAudit({ after: 0, limit: 100 }), before);
    });

    await t.test(`a driver writes in its own term: ${name}`, async (t) => {
      const { database, connectionString } = await testStore(t, postgres);
      const term = await beginTerm(await sessionWith(t, connectionString));
      const store = postgresStore(database, { term: () => term, onReplaced: notReplaced });
      await store.admitDeployment(aNewDeployment());

      await write(store);
    });
  }

  await t.test('who takes over waits for the step that is being recorded', async (t) => {
    const store = await testStore(t, postgres);
    const session = await sessionWith(t, store.connectionString);
    const others = await sessionWith(t, store.connectionString);
    await others.query('begin; select append_as_driver($$[]$$, 0)');

    const begun = beginTerm(session);
    await until(
      'it waits',
      async () =>
        (
          await store.sql(
            "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
          )
        ).length === 1,
    );
    assert.equal(await presentTerm(others), 0);
    await others.query('commit');

    assert.equal(await begun, 1);
  });

  await t.test(
    'who is frozen within a transaction does not keep others from the log',
    async (t) => {
      const { connectionString } = await testStore(t, postgres);
      const pool = openPool(connectionString);
      t.after(() => pool.end());
      const frozen = await pool.connect();
      await frozen.query('begin');
      await frozen.query('select append_as_driver($$[]$$, 0)');

      // Nothing more is heard of it; without a limit this would wait for ever.
      assert.equal(await beginTerm(await sessionWith(t, connectionString)), 1);

      await assert.rejects(frozen.query('commit'));
      frozen.release(true);
    },
  );

  await t.test('a log of the version before goes on, and that version still writes', async (t) => {
    const connectionString = await postgres.createDatabase();
    const { database, close } = openDatabase(connectionString);
    t.after(close);
    await sql.raw(firstMigration).execute(database);
    await sql
      .raw(
        `create table schema_migrations (name text primary key, applied_at timestamptz not null default now());
         insert into schema_migrations (name) values ('0001-first')`,
      )
      .execute(database);
    const store = postgresStore(database);
    const plan = JSON.stringify(aPlanOfOneService());
    await sql`
      insert into deployments (number, scope, status, plan, plan_digest, state, actor, reason)
      values (1, 'production/web', 'running', ${plan}, 'sha256:plan', ${JSON.stringify(initialState)}, 'local:ada', '')
    `.execute(database);
    await store.appendAudit([anAuditEntry({ key: 'requested' })]);

    await migrate(database);

    const term = await beginTerm(await sessionWith(t, connectionString));
    assert.equal(term, 1);
    await writes['progress']!(
      postgresStore(database, { term: () => term, onReplaced: notReplaced }),
    );
    // Without a term, as the version before does.
    await writes['outcome']!(store);
    const sequences = (await store.readAudit({ after: 0, limit: 9 })).map(
      (entry) => entry.sequence,
    );
    assert.deepEqual(sequences, [1, 2, 3]);
  });
});

async function sessionWith(
  test: { after(work: () => Promise<void>): void },
  connectionString: string,
): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, query_timeout: ANSWER_MS_MAX });
  client.on('error', () => undefined);
  await client.connect();
  test.after(() => client.end());
  return client;
}
