import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import {
  aMigratedDatabase,
  type EmptyDatabase,
  type MigratedDatabase,
} from '../../../../test/support/empty-database.ts';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { runningPostgres } from '../../../../test/support/running-postgres.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { until } from '../../../../test/support/until.ts';
import type { MigrationRun } from '../../../core/migration/migration-run.ts';
import { aMigration, context, describeMigration, limits } from '../../contract-suites/migration.ts';
import { dbmateMigration } from './driver.ts';

const postgres = runningPostgres();
const patient = { ...limits, lockMs: 10_000 };
const { resolve } = import.meta;
const config = dbmateMigration.config.parse({});

const aSubject = (t: TestContext): Promise<MigratedDatabase> =>
  aMigratedDatabase(t, postgres, dbmateMigration.connect(config, { stateDirectory: '' }));

describeMigration('dbmate', aSubject);

/** A folder of migrations that dbmate itself is run on, beside the driver. */
async function aProject(t: TestContext) {
  const subject = await aSubject(t);
  const folder = temporaryFolder(t);
  const { migrator, url } = subject;
  const connection = new URL(url);
  connection.searchParams.set('sslmode', 'disable');
  return {
    ...{ ...subject, folder },
    put(name: string, up: string, options = ''): void {
      const down = '-- migrate:down\nSELECT 1 / 0;\n';
      writeFileSync(join(folder, name), `-- migrate:up${options}\n${up}\n\n${down}`);
    },
    dbmate: (...args: readonly string[]) =>
      run([...['--url', connection.toString(), '-d', folder, '--no-dump-schema'], ...args]),
    async apply(given = limits): Promise<readonly MigrationRun[]> {
      return migrator.apply(url, await migrator.files(folder, context), given, context);
    },
  };
}

function run(args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  const cli = new URL('cli.js', resolve('dbmate')).pathname;
  return new Promise((done) => {
    execFile(process.execPath, [cli, ...args], (error, out, err) => {
      done({ code: error === null ? 0 : 1, said: `${out}${err}` });
    });
  });
}

test('dbmate: what Surefoot has applied dbmate has nothing more to do with', async (t) => {
  const { put, apply, dbmate, migrator, url } = await aProject(t);
  put('001_make.sql', 'CREATE TABLE notes (id int);');
  put('002_index.sql', 'CREATE INDEX CONCURRENTLY by_id ON notes (id);', ' transaction:false');

  await apply();
  const { said } = await dbmate('status');
  const migrated = await dbmate('migrate');

  assert.match(said, /\[X\] 001_make\.sql\n\[X\] 002_index\.sql\n\nApplied: 2\nPending: 0/);
  assert.deepEqual(migrated, { code: 0, said: '' });
  assert.deepEqual(
    (await migrator.applied(url, context)).map(({ name, isFinished }) => [name, isFinished]),
    [
      ['001', true],
      ['002', true],
    ],
  );
});

test('dbmate: Surefoot carries on from what dbmate has applied, and takes that as it is', async (t) => {
  const { put, apply, dbmate, migrator, url, query } = await aProject(t);
  put('001_make.sql', 'CREATE TABLE notes (id int);');
  put('002_fill.sql', 'INSERT INTO notes VALUES (1);');
  assert.equal((await dbmate('migrate')).code, 0);
  put('003_more.sql', 'INSERT INTO notes VALUES (2);');

  const runs = await apply();

  assert.deepEqual(
    runs.map(({ name }) => name),
    ['003_more.sql'],
  );
  const applied = await migrator.applied(url, context);
  assert.deepEqual(
    applied.map(({ name, digest }) => [name, digest === null]),
    [
      ['001', true],
      ['002', true],
      ['003', false],
    ],
  );
  assert.deepEqual(await query('SELECT count(*)::int AS rows FROM notes'), [{ rows: 2 }]);
});

test('dbmate: what dbmate has taken back is none any more, and is applied again', async (t) => {
  const { folder, apply, dbmate, migrator, url } = await aProject(t);
  writeFileSync(
    join(folder, '1_make.sql'),
    '-- migrate:up\nCREATE TABLE notes (id int);\n-- migrate:down\nDROP TABLE notes;\n',
  );
  await apply();
  assert.equal((await dbmate('rollback')).code, 0);
  assert.deepEqual(await migrator.applied(url, context), []);

  assert.equal((await apply()).length, 1);
  assert.equal((await migrator.applied(url, context)).length, 1);
});

test('dbmate: while it applies one, Surefoot waits for it and does not apply it again', async (t) => {
  const { put, apply, dbmate, query } = await aProject(t);
  put('1_make.sql', 'CREATE TABLE notes (id int);');
  await apply();
  put('2_fill.sql', 'INSERT INTO notes VALUES (1);');
  // Holds dbmate up behind its text, in the record that it adds last.
  await query(`CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NULL; END';
    CREATE TRIGGER wait AFTER INSERT ON schema_migrations FOR EACH ROW
    WHEN (current_setting('application_name') <> 'surefoot') EXECUTE FUNCTION wait();
    SELECT pg_advisory_lock(7)`);

  const dbmates = dbmate('migrate');
  await until('dbmate waits', async () => (await waiting(query, "'advisory'")) === 1);
  const ours = apply(patient);
  await until('Surefoot waits', async () => (await waiting(query, "'transactionid'")) === 1);
  await query('SELECT pg_advisory_unlock(7)');

  assert.deepEqual([(await dbmates).code, await ours], [0, []]);
  assert.deepEqual(await query('SELECT count(*)::int AS rows FROM notes'), [{ rows: 1 }]);
});

test('dbmate: while Surefoot applies one, dbmate takes back what it did', async (t) => {
  const { put, apply, dbmate, query } = await aProject(t);
  put('1_make.sql', 'CREATE TABLE notes (id int);');
  await apply();
  put('2_fill.sql', 'INSERT INTO notes VALUES (1); SELECT pg_advisory_xact_lock_shared(7);');
  await query('SELECT pg_advisory_lock(7)');

  const ours = apply(patient);
  await until('Surefoot waits', async () => (await waiting(query, "'advisory'")) === 1);
  const dbmates = dbmate('migrate');
  await until('dbmate waits', async () => (await waiting(query, "'advisory'")) === 2);
  await query('SELECT pg_advisory_unlock(7)');

  assert.equal((await ours).length, 1);
  assert.match((await dbmates).said, /schema_migrations_pkey/);
  assert.deepEqual(await query('SELECT count(*)::int AS rows FROM notes'), [{ rows: 1 }]);
});

async function waiting(query: EmptyDatabase['query'], kind: string): Promise<number> {
  const rows = await query(`SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE NOT granted AND locktype = ${kind} AND a.datname = current_database()`);
  return rows.length;
}

test('dbmate: what dbmate itself refuses is refused, with the file and what to do', async (t) => {
  const { folder, migrator } = await aProject(t);
  writeFileSync(join(folder, '1.sql'), 'SELECT 1;\n');

  await assert.rejects(
    migrator.files(folder, context),
    failsWith('migration-invalid', /^1\.sql: It has no line `-- migrate:up`.*Add it\./),
  );
});

test('dbmate: a way to its tables that only the URL names is refused, and one that is said is gone', async (t) => {
  const { url, client, query } = await aSubject(t);
  await query('CREATE SCHEMA shop');
  const connected = (given: object) =>
    dbmateMigration.connect(dbmateMigration.config.parse(given), { stateDirectory: '' });
  const other = `${url}&search_path=shop`;
  const made = aMigration('1.sql', 'CREATE TABLE notes (id int)');

  await assert.rejects(
    connected({}).applied(other, context),
    failsWith('migration-refused', /Say it as `schema`/),
  );
  await connected({ schema: ['shop'] }).apply(other, [made], limits, context);

  const { rows } = await client.query(
    "SELECT relname FROM pg_class WHERE relnamespace = 'shop'::regnamespace AND relkind = 'r' ORDER BY 1",
  );
  assert.deepEqual(
    rows.map((row: { readonly relname: string }) => row.relname),
    ['notes', 'schema_migrations', 'surefoot_migrations'],
  );
});
