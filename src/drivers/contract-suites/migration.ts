/** What every migration driver must do. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { OperationalError } from '../../core/operational-error.ts';
import type { MigrationText, Migrator } from '../contract.ts';

export interface MigrationSubject {
  readonly migrator: Migrator;
  /** Of an empty database. */
  readonly url: string;
  /** The rows that a query of that database finds. */
  readonly query: (text: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
}

const limits = { lockMs: 200, statementMs: 10_000 };
const context = { signal: new AbortController().signal };

export function aMigration(name: string, text: string, isTransaction = true): MigrationText {
  return { name, text, digest: `digest of ${text}`, isTransaction };
}

const made = aMigration('1_make.sql', 'CREATE TABLE notes (id int PRIMARY KEY, text text)');
const filled = aMigration('2_fill.sql', "INSERT INTO notes VALUES (1, 'one'), (2, 'two')");
const wrong = aMigration(
  '3_wrong.sql',
  'CREATE TABLE half (id int);\nALTER TABLE notes ADD none_such_type x_y_z',
);

export function describeMigration(
  name: string,
  subject: (t: TestContext) => Promise<MigrationSubject>,
): void {
  test(`${name}: what is applied is known, once and in order`, async (t) => {
    const { migrator, url, query } = await subject(t);
    assert.deepEqual(await migrator.applied(url, context), []);

    const first = await migrator.apply(url, [made, filled], limits, context);
    const again = await migrator.apply(url, [made, filled], limits, context);

    assert.deepEqual(
      first.map((run) => run.name),
      [made.name, filled.name],
    );
    assert.deepEqual(again, []);
    assert.deepEqual(
      await migrator.applied(url, context),
      [made, filled].map(({ name: each, digest }) => ({ name: each, digest, isFinished: true })),
    );
    assert.deepEqual(await query('SELECT count(*)::int AS rows FROM notes'), [{ rows: 2 }]);
  });

  test(`${name}: one that fails leaves nothing of itself, and those before it`, async (t) => {
    const { migrator, url, query } = await subject(t);

    await assert.rejects(migrator.apply(url, [made, wrong, filled], limits, context), (error) => {
      assert.ok(error instanceof OperationalError);
      assert.equal(error.failure.code, 'migration-failed');
      assert.match(error.message, /3_wrong\.sql, line 2: /);
      return true;
    });

    const known = await migrator.applied(url, context);
    assert.deepEqual(
      known.map((each) => each.name),
      [made.name],
    );
    assert.deepEqual(await query("SELECT to_regclass('half')::text AS half"), [{ half: null }]);
  });

  test(`${name}: of many at once each is applied once`, async (t) => {
    const { migrator, url, query } = await subject(t);
    const counted = aMigration('2_count.sql', 'INSERT INTO notes SELECT count(*) FROM notes');

    const runs = await Promise.all(
      [1, 2, 3].map(() =>
        migrator.apply(url, [made, counted], { ...limits, lockMs: 10_000 }, context),
      ),
    );

    assert.equal(runs.flat().length, 2);
    assert.deepEqual(await query('SELECT count(*)::int AS rows FROM notes'), [{ rows: 1 }]);
  });

  test(`${name}: whoever is told to stop leaves nothing half`, async (t) => {
    const { migrator, url, query } = await subject(t);
    const stop = new AbortController();
    const slow = aMigration('2_slow.sql', 'CREATE TABLE slow (id int); SELECT pg_sleep(60)');
    await migrator.apply(url, [made], limits, context);

    const running = migrator.apply(url, [slow], { ...limits, statementMs: 60_000 }, stop);
    const refused = assert.rejects(running, /enough/);
    const busy =
      "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)' AND state = 'active'";
    for (;;) {
      if ((await query(busy)).length > 0) break;
    }
    stop.abort(new Error('enough'));
    await refused;

    for (;;) if ((await query(busy)).length === 0) break;
    assert.equal((await migrator.applied(url, context)).length, 1);
    assert.deepEqual(await query("SELECT to_regclass('slow')::text AS slow"), [{ slow: null }]);
  });
}
