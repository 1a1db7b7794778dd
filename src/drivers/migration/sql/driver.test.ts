import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import {
  aMigratedDatabase,
  type MigratedDatabase,
} from '../../../../test/support/empty-database.ts';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { OperationalError } from '../../../core/operational-error.ts';
import { runningPostgres } from '../../../../test/support/running-postgres.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { aMigration, context, describeMigration, limits } from '../../contract-suites/migration.ts';
import { sqlMigration } from './driver.ts';

const postgres = runningPostgres();

const aSubject = (t: TestContext): Promise<MigratedDatabase> =>
  aMigratedDatabase(
    t,
    postgres,
    sqlMigration.connect({ table: 'surefoot_migrations' }, { stateDirectory: '' }),
  );

describeMigration('sql', aSubject);

const notes = aMigration('1.sql', 'CREATE TABLE notes (id int, text text)');

test('sql: what a migration keeps others from is measured, but for what it has made itself', async (t) => {
  const { migrator, url } = await aSubject(t);
  await migrator.apply(url, [notes], limits, context);

  const text =
    'CREATE TABLE fresh (id int); ALTER TABLE notes ADD seen int; SELECT count(*) FROM pg_class';
  const [run] = await migrator.apply(url, [aMigration('2.sql', text)], limits, context);

  assert.deepEqual(run?.locks, [{ relation: 'public.notes', mode: 'ACCESS EXCLUSIVE' }]);
});

test('sql: who waits too long for a lock gives up, and lets others pass', async (t) => {
  const { migrator, url, client } = await aSubject(t);
  await migrator.apply(url, [notes], limits, context);
  await client.query('BEGIN; LOCK TABLE notes IN ACCESS SHARE MODE');
  const next = aMigration('2.sql', 'ALTER TABLE notes ADD seen int');

  await assert.rejects(
    migrator.apply(url, [next], limits, context),
    failsWith('migration-blocked'),
  );
  await client.query('COMMIT');

  assert.equal((await migrator.apply(url, [next], limits, context)).length, 1);
});

test('sql: a statement that runs too long is ended', async (t) => {
  const { migrator, url } = await aSubject(t);
  const long = aMigration('1.sql', 'SELECT pg_sleep(60)');

  await assert.rejects(
    migrator.apply(url, [long], { lockMs: 200, statementMs: 100 }, context),
    failsWith('migration-failed', /statement timeout/),
  );
});

test('sql: settings and roles of one are none of the next', async (t) => {
  const { migrator, url, query } = await aSubject(t);
  const odd = aMigration(
    '1.sql',
    'SET search_path = pg_catalog; SET lock_timeout = 1; SET ROLE pg_monitor',
  );

  await migrator.apply(
    url,
    [odd, aMigration('2.sql', 'CREATE TABLE next (id int)')],
    limits,
    context,
  );

  assert.deepEqual(
    await query(
      "SELECT relowner::regrole::text AS owner FROM pg_class WHERE oid = 'public.next'::regclass",
    ),
    [{ owner: 'surefoot' }],
  );
});

test('sql: an index that was broken off is made again, and one that was only not recorded is kept', async (t) => {
  const { migrator, url, client, query } = await aSubject(t);
  const index = aMigration('2.sql', 'CREATE INDEX CONCURRENTLY by_text ON notes (text)', false);
  await migrator.apply(url, [notes], limits, context);
  await query("INSERT INTO surefoot_migrations (name, digest) VALUES ('2.sql', 'x')");
  await query('CREATE INDEX CONCURRENTLY by_text ON notes (text)');
  await query("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'by_text'::regclass");
  const oidOf = async (): Promise<unknown> =>
    (await client.query<{ oid: string }>("SELECT 'by_text'::regclass::oid::text AS oid")).rows[0]
      ?.oid;
  const broken = await oidOf();
  assert.equal((await migrator.applied(url, context))[1]?.isFinished, false);

  await migrator.apply(url, [notes, index], limits, context);
  const whole = await oidOf();
  await query("UPDATE surefoot_migrations SET finished_at = NULL WHERE name = '2.sql'");
  await migrator.apply(url, [notes, index], limits, context);

  assert.notEqual(whole, broken);
  assert.equal(await oidOf(), whole);
  assert.equal((await migrator.applied(url, context))[1]?.isFinished, true);
  assert.deepEqual(
    await query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'by_text'::regclass"),
    [{ indisvalid: true }],
  );
});

test('sql: a server that is not there is said to be not there', async () => {
  const { applied } = sqlMigration.connect({ table: 'a' }, { stateDirectory: '' });

  await assert.rejects(
    applied('postgresql://x@127.0.0.1:1/x', context),
    failsWith('database-unreachable'),
  );
});

test('sql: of a session that is lost in the middle nobody knows whether it was applied', async (t) => {
  const { migrator, url } = await aSubject(t);
  const ends = aMigration('1.sql', 'SELECT pg_terminate_backend(pg_backend_pid())');

  const applied = migrator.apply(url, [ends], limits, context);

  await assert.rejects(
    applied,
    (error) =>
      error instanceof OperationalError &&
      error.failure.code === 'database-unreachable' &&
      error.failure.effect === 'unknown',
  );
  assert.deepEqual(await migrator.applied(url, context), []);
});

test('sql: a file that ends its transaction itself is found out', async (t) => {
  const { migrator, url } = await aSubject(t);
  const odd = aMigration(
    '1.sql',
    'CREATE TABLE a (id int); COMMIT; BEGIN; CREATE TABLE b (id int)',
  );

  await assert.rejects(
    migrator.apply(url, [odd], limits, context),
    failsWith('migration-failed', /ends its transaction itself/),
  );
});

test('sql: what would be run with what takes it back is refused', async (t) => {
  const { migrator } = await aSubject(t);
  for (const [text, driver] of [
    ['-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;', 'dbmate'],
    ['-- Up Migration\nSELECT 1;\n-- Down Migration\nSELECT 2;', 'node-pg-migrate'],
  ] as const) {
    const folder = temporaryFolder(t);
    writeFileSync(join(folder, '1.sql'), text);

    await assert.rejects(
      migrator.files(folder, context),
      failsWith('migration-invalid', new RegExp(`^1\\.sql: .*Say driver: ${driver}\\.`)),
    );
  }
});
