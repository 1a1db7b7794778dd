import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { OperationalError } from '../core/operational-error.ts';
import { parseSql, SQL_BYTES_MAX, sqlTextOf } from './parse-sql.ts';

async function refusal(sql: string): Promise<string> {
  try {
    await parseSql(sql);
  } catch (error) {
    assert.ok(error instanceof OperationalError, String(error));
    assert.equal(error.failure.code, 'migration-invalid');
    return error.failure.message;
  }
  return 'it was read';
}

test('each statement has its place in characters, whatever stands before it', async () => {
  const { statements } = await parseSql("-- é 🦶\nSELECT 'é🦶';;\n\n  /* x */ DROP TABLE a -- y\n");

  assert.deepEqual(
    statements.map(({ place, source }) => ({ ...place, source })),
    [
      { line: 2, column: 1, offset: 8, source: "SELECT 'é🦶'" },
      { line: 4, column: 11, offset: 34, source: 'DROP TABLE a -- y' },
    ],
  );
});

test('comments are told from what looks like one', async () => {
  const { comments } = await parseSql(
    '-- a\nSELECT \'-- b\', $$ -- c $$, "-- d" /* e /* f */ */ -- g',
  );

  assert.deepEqual(
    comments.map(({ text }) => text),
    ['-- a', '/* e /* f */ */', '-- g'],
  );
});

test('what PostgreSQL would not understand is refused with its place', async () => {
  assert.equal(
    await refusal("SELECT 1;\n-- é\nSELECT 'é' FROM FROM"),
    'Line 3, column 17: syntax error at or near "FROM".',
  );
  assert.match(await refusal("SELECT 'x"), /^Line 1, column 8: unterminated quoted string/);
});

test('commands of psql are no SQL, and the way out is named', async () => {
  for (const command of ['\\i other.sql', '\\connect shop', 'SELECT 1;\n  \\copy a FROM b']) {
    assert.match(await refusal(command), /Commands of psql are no SQL/);
  }
});

test('nothing is cut off in silence: a zero, half a character, too much', async () => {
  assert.match(await refusal('SELECT 1; \0 DROP TABLE a'), /^Line 1, column 11: .*value zero/);
  assert.match(await refusal("SELECT '\uD83E'"), /not valid Unicode/);
  assert.match(await refusal(`SELECT '${'x'.repeat(SQL_BYTES_MAX)}'`), /longer than/);
  assert.throws(() => sqlTextOf(Buffer.from([0x53, 0xff])), /not in UTF-8/);
});

test('what is nested too deeply is refused, and the next text is read as before', async () => {
  for (let turn = 0; turn < 20; turn += 1) {
    assert.match(await refusal(`SELECT ${'1 + '.repeat(60_000)}1`), /nested too deeply/);
    assert.match(
      await refusal(`SELECT ${'('.repeat(60_000)}`),
      /memory exhausted|nested too deeply/,
    );
  }

  const { statements } = await parseSql('ALTER TABLE a ADD b int, DROP c');

  assert.equal(
    JSON.stringify(statements[0]?.node)
      .match(/"AT_\w+"/g)
      ?.join(),
    '"AT_AddColumn","AT_DropColumn"',
  );
});

test('a mark of the byte order is no part of the first statement', async () => {
  const { statements } = await parseSql(sqlTextOf(Buffer.from('\uFEFFSELECT 1')));

  assert.equal(statements[0]?.source, 'SELECT 1');
});

test('a block says what is written in it, in branches, loops and texts that are run', async () => {
  const { statements } = await parseSql(`DO $$ BEGIN
    IF true THEN DROP TABLE a; ELSE TRUNCATE b; END IF;
    FOR i IN 1..2 LOOP EXECUTE format('ALTER TABLE %I DROP COLUMN c', i); END LOOP;
    EXCEPTION WHEN others THEN DELETE FROM d; END $$`);

  const kinds = statements[0]?.inner.flatMap((node) => Object.keys(node)).toSorted();

  assert.deepEqual(kinds, ['AlterTableStmt', 'DeleteStmt', 'DropStmt', 'TruncateStmt']);
});

test('comments and places are right around any characters', async () => {
  const characters = fc
    .string({ unit: 'binary', maxLength: 12 })
    .filter((text) => text.isWellFormed() && !text.includes('\0'));
  await fc.assert(
    fc.asyncProperty(characters, characters, async (noted, quoted) => {
      const comment = `--${noted.replaceAll(/[\r\n]/g, '')}`;
      const sql = `${comment}\nSELECT '${quoted.replaceAll("'", "''")}';`;

      const { comments, statements } = await parseSql(sql);

      assert.equal(comments[0]?.text, comment);
      assert.deepEqual(
        statements.map(({ place }) => place),
        [{ line: 2, column: 1, offset: comment.length + 1 }],
      );
    }),
  );
});
