import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { anEmptyDatabase } from '../support/empty-database.ts';
import { runningPostgres } from '../support/running-postgres.ts';
import { aProject } from './project-builder.ts';
import { runCommand } from './run-command.ts';

const postgres = runningPostgres();

const DATABASE = `    backups: { database: { driver: pg-dump, url: 'postgresql:///nowhere' } }
    database:
      url: '\${DATABASE_URL}'
      migrations: { driver: sql, path: migrations }
`;

test('what was applied and what is due is asked of the database itself', async (t) => {
  const cwd = aProject(t);
  mkdirSync(join(cwd, 'migrations'));
  appendFileSync(join(cwd, 'surefoot.yaml'), DATABASE);
  const put = (name: string, text: string): void =>
    writeFileSync(join(cwd, 'migrations', name), text);
  put('1.sql', 'CREATE TABLE notes (id int);');
  put('2.sql', 'DROP TABLE notes;');
  const env = { DATABASE_URL: postgres.url() };
  const status = (...args: readonly string[]) =>
    runCommand(['migrations', 'status', ...args], { cwd, env });

  const before = await status();
  await postgres.run(`
    CREATE TABLE surefoot_migrations (number serial, name text, digest text, finished_at timestamptz);
    INSERT INTO surefoot_migrations (name, digest, finished_at) VALUES ('1.sql', 'another', now())`);
  const after = await status('--json');

  assert.equal(before.code, 0, before.err);
  assert.match(before.out, /^MIGRATION +STATE\n1\.sql +DUE\n2\.sql +WAITS\n$/);
  assert.equal(after.code, 3);
  assert.deepEqual(JSON.parse(after.out), {
    migrations: [
      { name: '1.sql', state: 'EDITED' },
      { name: '2.sql', state: 'WAITS' },
    ],
  });
});

test('what another tool has applied is taken over, and said to be', async (t) => {
  const { url, query } = await anEmptyDatabase(t, postgres);
  const cwd = aProject(t);
  mkdirSync(join(cwd, 'migrations'));
  appendFileSync(
    join(cwd, 'surefoot.yaml'),
    DATABASE.replace('driver: sql', 'driver: node-pg-migrate'),
  );
  const put = (name: string, text: string): void =>
    writeFileSync(join(cwd, 'migrations', name), text);
  put('1_notes.sql', '-- Up Migration\nCREATE TABLE notes (id int);\n-- Down Migration\n');
  put('2_none.js', 'exports.up = (pgm) => pgm.dropTable("notes");');
  await query(`CREATE TABLE pgmigrations (id serial, name text, run_on timestamp);
    INSERT INTO pgmigrations (name, run_on) VALUES ('1_notes', now())`);

  const { code, out } = await runCommand(['migrations', 'status'], {
    ...{ cwd, env: { DATABASE_URL: url } },
  });

  // A project without node-pg-migrate: what its script does nobody can tell.
  assert.equal(code, 3);
  assert.match(out, /^MIGRATION +STATE\n1_notes\.sql +TAKEN_OVER\n2_none\.js +OPEN\n$/);
});

test('who declares no migrations is told where to', async (t) => {
  const { code, err } = await runCommand(['migrations', 'status'], { cwd: aProject(t) });

  assert.equal(code, 2);
  assert.match(err, /declares no migrations; services\.\w+\.database\.migrations says where/);
});
