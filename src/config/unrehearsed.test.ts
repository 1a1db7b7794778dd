import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigValue } from './config-tree.ts';
import { unrehearsed } from './unrehearsed.ts';

const media = { driver: 'files' };
const dump = { driver: 'pg-dump' };
const base = { driver: 'pg-base' };
const migrations = { driver: 'sql', path: 'migrations' };

for (const [what, web, says] of [
  ['the only backup is of a PostgreSQL', { backups: { dump }, database: { migrations } }, null],
  ['nothing is migrated', { backups: { media }, database: {} }, null],
  [
    'one of several is named',
    { backups: { media, dump }, database: { migrations, backup: 'dump' } },
    null,
  ],
  [
    'none is declared',
    { database: { migrations } },
    'migrations: migrations are rehearsed on a restored backup; none of a PostgreSQL is declared: add one to backups, by pg-base, pg-dump, command',
  ],
  [
    'the only one is of files',
    { backups: { media }, database: { migrations } },
    'migrations: migrations are rehearsed on a restored backup; none of a PostgreSQL is declared: add one to backups, by pg-base, pg-dump, command',
  ],
  [
    'one of several would do',
    { backups: { media, dump }, database: { migrations } },
    'migrations: migrations are rehearsed on a restored backup; say database.backup: dump',
  ],
  [
    'several would do',
    { backups: { base, dump }, database: { migrations } },
    'migrations: migrations are rehearsed on a restored backup; say with database.backup which of base, dump',
  ],
  [
    'what is named is of files',
    { backups: { media, dump }, database: { migrations, backup: 'media' } },
    'backup: is no backup of a PostgreSQL, but of files; name one of pg-base, pg-dump, command',
  ],
  [
    'what is named is not there',
    { backups: { dump }, database: { migrations, backup: 'dmp' } },
    'backup: there is no backup "dmp" to restore; declared are: dump',
  ],
] as const) {
  test(`migrations and backups: ${what}`, () => {
    const value = { services: { web } } as unknown as ConfigValue;

    const found = unrehearsed(value, ['services', 'web']);

    const told = found.map(({ path, message }) => `${String(path.at(-1))}: ${message}`);
    assert.deepEqual(told, says === null ? [] : [says]);
  });
}
