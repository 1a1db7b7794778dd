import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runningPostgres } from '../support/running-postgres.ts';
import { aProject } from './project-builder.ts';
import { runCommand } from './run-command.ts';

const postgres = runningPostgres();

const DATABASE = `    backups: { database: { driver: files, path: /nowhere } }
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

test('who declares no migrations is told where to', async (t) => {
  const { code, err } = await runCommand(['migrations', 'status'], { cwd: aProject(t) });

  assert.equal(code, 2);
  assert.match(err, /declares no migrations; services\.\w+\.database\.migrations says where/);
});
