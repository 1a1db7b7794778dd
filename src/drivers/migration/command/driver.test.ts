import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { anEmptyDatabase, type EmptyDatabase } from '../../../../test/support/empty-database.ts';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { runningPostgres } from '../../../../test/support/running-postgres.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { until } from '../../../../test/support/until.ts';
import type { Migrator } from '../../contract.ts';
import {
  type MigrationSubject,
  aMigration,
  context,
  describeMigration,
  limits,
} from '../../contract-suites/migration.ts';
import { commandMigration } from './driver.ts';

const postgres = runningPostgres();
const program = join(import.meta.dirname, '../../../../test/support/own-migrator-main.ts');
const applied = [process.execPath, program, 'applied'];
const apply = [process.execPath, program, 'apply', '{file}'];

function connected(given: object = {}): Migrator {
  const config = commandMigration.config.parse({ applied, apply, ...given });
  return commandMigration.connect(config, { stateDirectory: '' });
}

/** Its migrations lie where they say. */
async function aSubject(
  t: TestContext,
  given: object = {},
): Promise<MigrationSubject & EmptyDatabase> {
  const folder = temporaryFolder(t);
  const migrator = connected(given);
  return {
    ...(await anEmptyDatabase(t, postgres)),
    says: /^3_wrong\.sql: .* ended with 1: line 2: /,
    migrator: {
      ...migrator,
      apply: (url, migrations, ...rest) =>
        migrator.apply(
          url,
          migrations.map((each) => {
            const path = join(folder, each.name);
            writeFileSync(path, each.text);
            return { ...each, path };
          }),
          ...rest,
        ),
    },
  };
}

describeMigration('command', aSubject);

const notes = aMigration('1.sql', 'CREATE TABLE notes (id int)');
const added = aMigration('2.sql', 'ALTER TABLE notes ADD seen int');

test('command: what its sessions hold is seen while they hold it', async (t) => {
  const { migrator, url, query } = await aSubject(t);
  await migrator.apply(url, [notes], limits, context);
  const text = 'ALTER TABLE notes ADD seen int; SELECT pg_advisory_xact_lock_shared(7)';
  await query('SELECT pg_advisory_lock(7)');

  const patient = { ...limits, lockMs: 10_000 };
  const running = migrator.apply(url, [aMigration('2.sql', text)], patient, context);
  const waits = "SELECT FROM pg_stat_activity WHERE wait_event = 'advisory'";
  await until('it holds its lock', async () => (await query(waits)).length === 1);
  const [now] = await query('SELECT clock_timestamp()::text AS at');
  const looks = `SELECT FROM pg_stat_activity WHERE state = 'idle'
    AND query LIKE '%FROM pg_locks l JOIN%' AND query_start > '${String(now?.['at'])}'`;
  await until('it was looked at', async () => (await query(looks)).length === 1);
  await query('SELECT pg_advisory_unlock(7)');
  const [run] = await running;

  const locks = run?.locks?.filter(({ relation }) => relation === 'public.notes');
  assert.deepEqual(locks, [{ relation: 'public.notes', mode: 'ACCESS EXCLUSIVE' }]);
});

test('command: of sessions with another name nobody knows what they hold', async (t) => {
  const { migrator, url } = await aSubject(t, { environment: { OWN_NAME: 'mine' } });

  const [run] = await migrator.apply(url, [notes], limits, context);

  assert.equal(run?.locks, null);
});

test('command: who waits too long for a lock is blocked, and gives no secret away', async (t) => {
  const { migrator, url, client } = await aSubject(t);
  await migrator.apply(url, [notes], limits, context);
  await client.query('BEGIN; LOCK TABLE notes IN ACCESS SHARE MODE');

  await assert.rejects(migrator.apply(url, [added], limits, context), (error) => {
    failsWith('migration-blocked', /^2\.sql: .*lock timeout at \[secret\]$/s)(error);
    assert.ok(!String(error).includes(url));
    return true;
  });
});

test('command: a program that does not end is ended, with what it does', async (t) => {
  const { migrator, url, query } = await aSubject(t, { environment: { PGOPTIONS: '' } });
  const long = aMigration('1.sql', 'SELECT pg_sleep(60)');
  const box = { lockMs: 200, statementMs: 2_000 };

  await assert.rejects(
    migrator.apply(url, [long], box, context),
    failsWith('migration-failed', /^1\.sql: .* did not end within 2000 ms/),
  );

  const sessions = () =>
    query("SELECT FROM pg_stat_activity WHERE application_name ~ '^surefoot-'");
  await until('none of its sessions is left', async () => (await sessions()).length === 0);
});

test('command: what it does not say is not applied, and more than one is too many', async (t) => {
  const forgetful = await aSubject(t, { environment: { FORGETFUL: '1' } });
  await assert.rejects(
    forgetful.migrator.apply(forgetful.url, [notes], limits, context),
    failsWith('migration-failed', /^1\.sql: .* does not say that it is applied/),
  );

  const folder = temporaryFolder(t);
  writeFileSync(join(folder, '2.sql'), 'SELECT 1;');
  const eager = await aSubject(t, { apply: [...apply, join(folder, '2.sql')] });
  await assert.rejects(
    eager.migrator.apply(eager.url, [notes], limits, context),
    failsWith('migration-failed', /^1\.sql: its program has applied 2\.sql as well/),
  );
});

test('command: what it lists has no digest unless Surefoot had it applied', async (t) => {
  const { migrator, url, query } = await aSubject(t);
  await query(`CREATE TABLE own_migrations (id serial, name text UNIQUE);
    INSERT INTO own_migrations (name) VALUES ('0.sql')`);

  await migrator.apply(url, [notes], limits, context);

  assert.deepEqual(
    (await migrator.applied(url, context)).map(({ name, digest }) => [name, digest]),
    [
      ['0.sql', null],
      ['1.sql', notes.digest],
    ],
  );
});

test('command: lists that cannot be read are refused', async (t) => {
  const { url } = await aSubject(t);
  const { applied: asked } = connected({ applied: ['echo', '1.sql'] });

  await assert.rejects(
    asked(url, context),
    failsWith('migration-failed', /"1\.sql" is no line such as/),
  );
});

test('command: what a file is only its author says', async (t) => {
  const folder = temporaryFolder(t);
  const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  put('1.py', 'print(1)\n');
  put('2.py', '# surefoot: expand because it only adds\nprint(2)\n');
  put('3.py', 'print(3)\n# surefoot: contract\n');
  put('notes.md', 'none');
  mkdirSync(join(folder, 'cache.py'));
  const said = async (given: object): Promise<unknown> => {
    const files = await connected({ extension: '.py', ...given }).files(folder, context);
    return files.map(({ name, unread }) => [name, unread?.says]);
  };

  assert.deepEqual(await said({}), [
    ['1.py', null],
    ['2.py', 'expand'],
    ['3.py', 'contract'],
  ]);
  assert.deepEqual(await said({ class: 'expand' }), [
    ['1.py', 'expand'],
    ['2.py', 'expand'],
    ['3.py', 'contract'],
  ]);
});
