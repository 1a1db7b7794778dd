import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { failsWith } from '../../test/support/fails-with.ts';
import { testPostgres, testStore } from '../../test/support/store/test-postgres.ts';
import { systemClock, type Clock } from '../platform/clock.ts';
import { ensurePostgres } from '../platform/ensure-postgres.ts';
import { stopPostgres } from '../platform/stop-postgres.ts';
import { isDisconnect, openDatabase, untilReachable } from './database.ts';
import { migrate } from './migrate.ts';

test('the database may go away and come back', async (t) => {
  const postgres = await testPostgres(t);

  await t.test(
    'the schema is brought up to date once, by however many at the same time',
    async (t) => {
      const connectionString = await postgres.createDatabase();
      const { database, close } = openDatabase(connectionString);
      t.after(close);

      await Promise.all(Array.from({ length: 5 }, () => migrate(database)));
      await migrate(database);

      const { rows } = await sql<{ name: string }>`select name from schema_migrations`.execute(
        database,
      );
      const names = rows.map(({ name }) => name);
      assert.ok(names.length > 0);
      assert.deepEqual(names, [...new Set(names)].sort());
    },
  );

  await t.test(
    'a setting that may lose what was acknowledged is refused on every new connection',
    async (t) => {
      const { database, sql: run, connectionString } = await testStore(t, postgres);
      await sql`select 1`.execute(database);
      await run(
        `do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$`,
      );
      const other = openDatabase(connectionString);
      t.after(() => other.close());

      await assert.rejects(
        sql`select 1`.execute(other.database),
        failsWith('database-unsafe', /synchronous_commit = off/),
      );
    },
  );

  await t.test(
    'what is refused for its content is no disconnect and is not tried again',
    async (t) => {
      const { database } = await testStore(t, postgres);
      let tries = 0;

      const failing = untilReachable(
        () => {
          tries += 1;
          return sql`select 1 / 0`.execute(database);
        },
        { clock: systemClock },
      );

      await assert.rejects(failing, /division by zero/);
      assert.equal(tries, 1);
      await assert.rejects(failing, (error) => !isDisconnect(error));
    },
  );

  await t.test('work is repeated until a stopped PostgreSQL is back', async (t) => {
    const { database } = await testStore(t, postgres);
    await sql`select 1`.execute(database);
    await stopPostgres(postgres.directory);
    const errors: unknown[] = [];
    const restarts: Promise<unknown>[] = [];

    const { rows } = await untilReachable(
      async () => {
        try {
          return await sql<{ one: number }>`select 1 as one`.execute(database);
        } catch (error) {
          errors.push(error);
          if (restarts.length === 0) restarts.push(ensurePostgres(postgres.directory));
          throw error;
        }
      },
      { clock: systemClock },
    );

    await Promise.all(restarts);
    assert.deepEqual(rows, [{ one: 1 }]);
    assert.ok(errors.length > 0 && errors.every(isDisconnect));
  });

  await t.test('a wait that is ended says that the effect is not known', async (t) => {
    const { database } = await testStore(t, postgres);
    await stopPostgres(postgres.directory);
    const stop = new AbortController();
    const clock: Clock = { ...systemClock, sleep: async () => stop.abort() };

    const waiting = untilReachable(() => sql`select 1`.execute(database), {
      clock,
      signal: stop.signal,
    });

    await assert.rejects(waiting, (error) => {
      failsWith('database-unreachable')(error);
      assert.equal((error as { failure: { effect: string } }).failure.effect, 'unknown');
      return true;
    });
    await ensurePostgres(postgres.directory);
  });
});

test('errors of the network and of a server that starts or stops are disconnects', () => {
  const coded = (code: string): Error => Object.assign(new Error('failed'), { code });

  for (const code of ['ECONNREFUSED', 'ENOENT', '57P01', '57P03', '08006', '53300']) {
    assert.equal(isDisconnect(coded(code)), true, code);
  }
  for (const code of ['23505', '42P01', '22P02', '25006']) {
    assert.equal(isDisconnect(coded(code)), false, code);
  }
  assert.equal(isDisconnect(new Error('Connection terminated unexpectedly')), true);
  assert.equal(isDisconnect(new AggregateError([coded('ECONNREFUSED')])), true);
  assert.equal(isDisconnect('ECONNREFUSED'), false);
});
