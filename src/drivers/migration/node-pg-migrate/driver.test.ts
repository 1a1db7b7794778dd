import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import {
  aMigratedDatabase,
  type MigratedDatabase,
} from '../../../../test/support/empty-database.ts';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { runningPostgres } from '../../../../test/support/running-postgres.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { until } from '../../../../test/support/until.ts';
import type { MigrationRun } from '../../../core/migration/migration-run.ts';
import { aMigration, context, describeMigration, limits } from '../../contract-suites/migration.ts';
import { nodePgMigrateMigration } from './driver.ts';

const postgres = runningPostgres();
const config = nodePgMigrateMigration.config.parse({});
const modules = join(import.meta.dirname, '../../../../node_modules');

const aSubject = (t: TestContext): Promise<MigratedDatabase> =>
  aMigratedDatabase(t, postgres, nodePgMigrateMigration.connect(config, { stateDirectory: '' }));

describeMigration('node-pg-migrate', aSubject);

/** A folder of migrations that node-pg-migrate itself is run on, beside the driver. */
async function aProject(t: TestContext) {
  const subject = await aSubject(t);
  const root = temporaryFolder(t);
  symlinkSync(modules, join(root, 'node_modules'));
  const folder = join(root, 'migrations');
  mkdirSync(folder);
  const { migrator, url } = subject;
  const files = () => migrator.files(folder, context);
  return {
    ...{ ...subject, folder, files },
    put: (name: string, text: string): void => writeFileSync(join(folder, name), text),
    tool: (...args: readonly string[]) => run(root, url, args),
    async apply(given = limits): Promise<readonly MigrationRun[]> {
      return migrator.apply(url, await files(), given, context);
    },
    async applied(): Promise<readonly (readonly [string, boolean])[]> {
      const applied = await migrator.applied(url, context);
      return applied.map(({ name, digest }) => [name, digest !== null]);
    },
  };
}

function run(
  cwd: string,
  url: string,
  args: readonly string[],
): Promise<{ readonly code: number; readonly said: string }> {
  const program = join(modules, 'node-pg-migrate/bin/node-pg-migrate.js');
  const env = { ...process.env, DATABASE_URL: url };
  return new Promise((done) => {
    execFile(process.execPath, [program, ...args], { cwd, env }, (error, out, err) => {
      done({ code: error === null ? 0 : 1, said: `${out}${err}` });
    });
  });
}

const MAKE =
  '-- Up Migration\nCREATE TABLE notes (id int);\n-- Down Migration\nDROP TABLE notes;\n';
const SCRIPT = `// surefoot: expand because nobody reads it yet
exports.shorthands = { key: 'bigint' };
exports.up = (pgm) => {
  pgm.createTable('labels', { id: 'key', text: { type: 'text', notNull: true } });
  pgm.sql("INSERT INTO labels VALUES (1, 'one')");
};
exports.down = (pgm) => pgm.dropTable('labels');
`;

test('node-pg-migrate: what Surefoot has applied it has nothing more to do with', async (t) => {
  const { put, apply, tool, applied, query } = await aProject(t);
  put('001_make.sql', MAKE);
  put('002_labels.js', SCRIPT);

  const runs = await apply();
  const migrated = await tool('up');

  assert.deepEqual(
    runs.map(({ name }) => name),
    ['001_make.sql', '002_labels.js'],
  );
  assert.match(migrated.said, /No migrations to run!/);
  assert.deepEqual(await applied(), [
    ['001_make', true],
    ['002_labels', true],
  ]);
  assert.deepEqual(await query('SELECT id::int, text FROM labels'), [{ id: 1, text: 'one' }]);
});

test('node-pg-migrate: Surefoot carries on from what it has applied, and takes that as it is', async (t) => {
  const { put, apply, tool, applied, query } = await aProject(t);
  put('001_make.sql', MAKE);
  put('002_labels.js', SCRIPT);
  assert.equal((await tool('up')).code, 0);
  put('003_more.sql', '-- Up Migration\nINSERT INTO notes VALUES (2);\n-- Down Migration\n');

  const runs = await apply();

  assert.deepEqual(
    runs.map(({ name }) => name),
    ['003_more.sql'],
  );
  assert.deepEqual(await applied(), [
    ['001_make', false],
    ['002_labels', false],
    ['003_more', true],
  ]);
  assert.deepEqual(await query('SELECT id FROM notes'), [{ id: 2 }]);
  assert.equal((await tool('down', '2')).code, 0);
  assert.deepEqual(await applied(), [['001_make', false]]);
});

test('node-pg-migrate: what waited is recorded where it belongs, so that the order is right for it', async (t) => {
  const { put, tool, migrator, url, files, query } = await aProject(t);
  for (const number of [1, 2, 3]) {
    put(`${number}_table.sql`, `CREATE TABLE t${number} (id int);\n`);
  }
  const [first, waits, last] = await files();
  assert.ok(first && waits && last);

  await migrator.apply(url, [first, last], limits, context);
  const early = await tool('up');
  await migrator.apply(url, [waits], limits, context);
  const late = await tool('up');

  assert.match(early.said, /2_table is preceding already run migration 3_table/);
  assert.match(late.said, /No migrations to run!/);
  assert.deepEqual(await query('SELECT name FROM pgmigrations ORDER BY run_on'), [
    ...[{ name: '1_table' }, { name: '2_table' }, { name: '3_table' }],
  ]);
});

test('node-pg-migrate: while one of both is at it the other keeps out, and nothing is applied twice', async (t) => {
  const { put, apply, tool, query, client } = await aProject(t);
  put('1_make.sql', MAKE);
  await apply();
  put('2_fill.sql', 'INSERT INTO notes VALUES (1); SELECT pg_advisory_xact_lock_shared(7);');
  const isHeldUp = `SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE NOT granted AND objid = 7 AND datname = current_database()`;
  const heldUp = (): Promise<void> =>
    until('one of both is at it', async () => (await query(isHeldUp)).length === 1);

  await client.query('SELECT pg_advisory_lock(7)');
  const tools = tool('up');
  await heldUp();
  await assert.rejects(apply(), failsWith('migration-blocked'));
  await client.query('SELECT pg_advisory_unlock(7)');
  assert.equal((await tools).code, 0);
  assert.deepEqual(await apply(), []);

  put('3_fill.sql', 'INSERT INTO notes VALUES (2); SELECT pg_advisory_xact_lock_shared(7);');
  await client.query('SELECT pg_advisory_lock(7)');
  const ours = apply({ ...limits, lockMs: 10_000 });
  await heldUp();
  assert.match((await tool('up')).said, /Another migration is already running/);
  await client.query('SELECT pg_advisory_unlock(7)');
  assert.equal((await ours).length, 1);
  assert.deepEqual(await query('SELECT id FROM notes ORDER BY id'), [{ id: 1 }, { id: 2 }]);
});

test('node-pg-migrate: a script is asked for its SQL, which is all that is judged and run of it', async (t) => {
  const { put, files } = await aProject(t);
  put('1_labels.js', SCRIPT);
  put(
    '2_index.ts',
    `import type { MigrationBuilder } from 'node-pg-migrate';
export const up = (pgm: MigrationBuilder): void => {
  pgm.noTransaction();
  pgm.createIndex('labels', 'text', { concurrently: true });
};`,
  );

  const [labels, index] = await files();

  assert.equal(labels?.unread, null);
  assert.equal(
    labels.text,
    `-- surefoot: expand because nobody reads it yet
CREATE TABLE "labels" (
  "id" bigint,
  "text" text NOT NULL
);
INSERT INTO labels VALUES (1, 'one');
`,
  );
  assert.deepEqual(
    [index?.text, index?.isTransaction],
    ['CREATE INDEX CONCURRENTLY "labels_text_index" ON "labels" ("text");\n', false],
  );
});

const unread: readonly (readonly [string, RegExp])[] = [
  ["exports.up = async (pgm) => pgm.db.query('SELECT 1')", /it asks the database/],
  [
    "exports.up = async (pgm) => { await pgm.db.select('SELECT 1').catch(() => []); pgm.sql('SELECT 1'); }",
    /it asks the database/,
  ],
  ["exports.up = () => { throw new Error('not today') }", /not today/],
  ['exports.up = false', /disabled up migration/],
  [
    "exports.up = (pgm) => { pgm.noTransaction(); pgm.sql('SELECT 1'); pgm.sql('SELECT 2'); }",
    /several statements outside of a transaction/,
  ],
];

test('node-pg-migrate: a script that does not say what it runs is unread, and no other is', async (t) => {
  const { put, files } = await aProject(t);
  for (const [index, [text]] of unread.entries()) put(`${index + 1}_odd.js`, text);
  put('9_labels.js', SCRIPT);

  const read = await files();

  assert.equal(read.at(-1)?.unread, null);
  for (const [index, [, because]] of unread.entries()) {
    assert.match(read[index]?.unread?.because ?? '', because);
    assert.equal(read[index]?.unread?.says, null);
  }
});

test('node-pg-migrate: scripts of which nothing is heard are unread, with what was said', async (t) => {
  const { put, files } = await aProject(t);
  const because = async (): Promise<string> => (await files())[0]?.unread?.because ?? '';
  put('1_gone.js', 'process.exit(1)');
  assert.match(await because(), /ended Node\.js/);
  put('1_gone.js', "require('of-nowhere')");
  assert.match(await because(), /Error loading migration files: Cannot find module 'of-nowhere'/);
});

test('node-pg-migrate: scripts of a project without it are unread', async (t) => {
  const { migrator } = await aSubject(t);
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, '1_labels.js'), SCRIPT);

  const [file] = await migrator.files(folder, context);

  assert.match(file?.unread?.because ?? '', /is in no node_modules above it/);
});

test('node-pg-migrate: names that it would take otherwise are refused', async (t) => {
  const { migrator } = await aSubject(t);
  for (const [name, because] of [
    ['1_make.up.sql', /applies both/],
    ['make.sql', /begins with no number/],
  ] as const) {
    const folder = temporaryFolder(t);
    writeFileSync(join(folder, name), 'SELECT 1;');
    await assert.rejects(migrator.files(folder, context), failsWith('migration-invalid', because));
  }
});

test('node-pg-migrate: numbers, moments and dates are in one order', async (t) => {
  const { migrator } = await aSubject(t);
  const folder = temporaryFolder(t);
  const names = ['2_b.sql', '10_a.sql', '1700000000000_c.sql', '20240101000000000_d.sql'];
  for (const name of names) writeFileSync(join(folder, name), 'SELECT 1;');

  const read = await migrator.files(folder, context);

  assert.deepEqual(
    read.map(({ name }) => name),
    names,
  );
});

test('node-pg-migrate: tables are looked for where it looks', async (t) => {
  const { url, query } = await aSubject(t);
  await query('CREATE SCHEMA shop');
  const { apply } = nodePgMigrateMigration.connect(
    nodePgMigrateMigration.config.parse({ schema: ['shop', 'public'] }),
    { stateDirectory: '' },
  );

  await apply(url, [aMigration('1.sql', 'CREATE TABLE notes (id int)')], limits, context);

  assert.deepEqual(await query('SELECT name FROM shop.pgmigrations'), [{ name: '1' }]);
  assert.deepEqual(await query('SELECT id FROM shop.notes'), []);
});
