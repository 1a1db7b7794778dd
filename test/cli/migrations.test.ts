import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { runCommand } from './run-command.ts';

/** Files in a folder, by name. */
function aFolder(t: TestContext, files: Readonly<Record<string, string | Buffer>>) {
  const cwd = mkdtempSync(join(tmpdir(), 'surefoot-migrations-'));
  t.after(() => rmSync(cwd, { recursive: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
  return (...args: readonly string[]) => runCommand(['migrations', 'check', ...args], { cwd });
}

const SAFE = "SET lock_timeout = '2s';\nALTER TABLE orders ADD COLUMN remark text;\n";

test('what is expand and without danger is done at once', async (t) => {
  const check = aFolder(t, {
    '1.sql': SAFE,
    '2.sql': 'CREATE TABLE labels (id bigint PRIMARY KEY);',
  });

  const { code, out } = await check('1.sql', '2.sql');

  assert.equal(code, 0);
  assert.match(
    out,
    /^MIGRATION +CLASS +LOCK +DANGERS\n1\.sql +expand +ACCESS EXCLUSIVE +0\n2\.sql +expand +- +0\n$/,
  );
});

test('a contract migration is told with its place, its lock and the safe way', async (t) => {
  const check = aFolder(t, { '1.sql': `${SAFE}\nALTER TABLE orders\n  DROP COLUMN note;\n` });

  const { code, out } = await check('1.sql');

  assert.equal(code, 3);
  assert.match(
    out,
    /1\.sql:4:1 contract column-dropped\n {2}orders\.note: .* \(ACCESS EXCLUSIVE lock\)\.\n {2}Safe: Ship a release that no longer names it/,
  );
});

test('danger and open questions are no success either', async (t) => {
  const check = aFolder(t, {
    'danger.sql': 'CREATE INDEX i ON orders (note);',
    'open.sql': 'CALL wipe();',
    'answered.sql': '-- surefoot: expand because it only counts\nCALL wipe();',
  });

  const codes = await Promise.all(
    ['danger', 'open', 'answered'].map(async (name) => (await check(`${name}.sql`)).code),
  );

  assert.deepEqual(codes, [3, 3, 0]);
});

test('files of one deployment may change what one of them has made, others may not', async (t) => {
  const check = aFolder(t, {
    '1.sql': SAFE,
    '2.sql': 'CREATE UNIQUE INDEX CONCURRENTLY orders_remark ON orders (remark);',
  });

  const apart = await check('1.sql', '2.sql');
  const together = await check('1.sql', '2.sql', '--together');

  assert.equal(apart.code, 3);
  assert.match(apart.out, /2\.sql +contract/);
  assert.equal(together.code, 0, together.out);
});

test('a temporary table, or one of another search path, is not what the next file means', async (t) => {
  const check = aFolder(t, {
    'temporary.sql':
      'CREATE TEMP TABLE orders (id bigint); CREATE TEMP TABLE copied AS SELECT 1 AS id;',
    'elsewhere.sql': 'SET LOCAL search_path = archive; CREATE TABLE orders (id bigint);',
    'drop.sql': 'DROP TABLE orders;',
    'copied.sql': 'DROP TABLE copied;',
    'here.sql': 'CREATE TABLE orders (id bigint);',
  });

  const classes = await Promise.all(
    [
      ['temporary', 'drop'],
      ['temporary', 'copied'],
      ['elsewhere', 'drop'],
      ['here', 'drop'],
    ].map(async (names) => {
      const { out } = await check(...names.map((name) => `${name}.sql`), '--together', '--json');
      const { migrations } = JSON.parse(out) as { migrations: { class: string }[] };
      return migrations[1]?.class;
    }),
  );

  assert.deepEqual(classes, ['contract', 'contract', 'contract', 'expand']);
});

test('a setting that is taken back does not stay, one that another follows does', async (t) => {
  const check = aFolder(t, {
    'back.sql': 'SET role = app; SELECT 1; RESET role;',
    'left.sql': "SET role = app; SET lock_timeout = '2s'; SELECT 1;",
  });

  const [back, left] = [await check('back.sql'), await check('left.sql')];

  assert.equal(back.code, 0, back.out);
  assert.match(left.out, /danger setting-left\n {2}role: /);
});

test('one who sets a lock_timeout says so', async (t) => {
  const check = aFolder(t, { '1.sql': 'ALTER TABLE orders ADD COLUMN remark text;' });

  const [bare, set] = [await check('1.sql'), await check('1.sql', '--lock-timeout-set')];

  assert.match(bare.out, /danger lock-timeout-missing/);
  assert.deepEqual([bare.code, set.code], [3, 0]);
});

test('what is no SQL is told with its place, beside the others', async (t) => {
  const check = aFolder(t, {
    '1.sql': SAFE,
    '2.sql': 'SELECT 1;\nALTER TABEL x;',
    '3.sql': Buffer.from([0xff]),
  });

  const { code, out } = await check('1.sql', '2.sql', '3.sql');

  assert.equal(code, 2);
  assert.match(out, /2\.sql +invalid/);
  assert.match(out, /2\.sql: Line 2, column 7: syntax error at or near "TABEL"\./);
  assert.match(out, /3\.sql: It is not in UTF-8\./);
});

test('programs get all of it as JSON', async (t) => {
  const check = aFolder(t, { '1.sql': '-- surefoot: contract\nDROP TABLE orders;' });

  const { code, out } = await check('1.sql', '--json');

  const { migrations } = JSON.parse(out) as { migrations: [Record<string, unknown>] };
  assert.equal(code, 3);
  assert.equal(migrations[0]['class'], 'contract');
  assert.deepEqual(migrations[0]['touches'], [
    { relation: 'orders', lock: 'ACCESS EXCLUSIVE', rewrites: 'no', scans: 'no' },
  ]);
  const findings = migrations[0]['findings'] as { hazard: string; line: number }[];
  assert.deepEqual(
    findings.map(({ hazard, line }) => [hazard, line]),
    [
      ['dropped', 2],
      ['lock-timeout-missing', 2],
    ],
  );
});

test('wrong usage says what is wrong', async (t) => {
  const check = aFolder(t, { '1.sql': SAFE });

  const [none, missing] = [await check(), await check('1.sql', 'no\u001b.sql')];

  assert.equal(none.code, 2);
  assert.equal(missing.code, 2);
  assert.match(missing.err, /"no\\x1b\.sql" is no file/);
});

test('of a file that says how to take it back only the way up is judged', async (t) => {
  const down = 'DROP TABLE orders;\n';
  const check = aFolder(t, {
    '1.sql': `-- migrate:up transaction:false\n${SAFE}\n-- migrate:down\n${down}`,
    '2.sql': `-- Up Migration\n${SAFE}\n-- Down Migration\n${down}`,
    '3.sql': `${SAFE}\n-- Down Migration\n${down}`,
  });

  const { out } = await check('1.sql', '2.sql', '3.sql', '--json');

  const { migrations } = JSON.parse(out) as { migrations: Readonly<Record<string, unknown>>[] };
  assert.deepEqual(
    migrations.map(({ class: is, readAs, isTransaction }) => [is, readAs, isTransaction]),
    [
      ['expand', 'dbmate', false],
      ['expand', 'node-pg-migrate', true],
      ['invalid', undefined, undefined],
    ],
  );
  assert.match(String(migrations[2]?.['because']), /would run all of it\. Add the line\./);
});
