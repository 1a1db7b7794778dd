import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failsWith } from '../../../test/support/fails-with.ts';
import type { MigrationFile } from '../../core/migration/migration-file.ts';
import { sortMigrations } from '../../core/migration/sort-migrations.ts';
import type { Migrator } from '../../drivers/contract.ts';
import { plannedTexts } from './planned-texts.ts';
import { readMigrations } from './read-migrations.ts';

const { signal } = new AbortController();

function aFile(name: string, changes: Partial<MigrationFile> = {}): MigrationFile {
  return {
    ...{ name, path: `/migrations/${name}`, text: 'CREATE TABLE a (id int)', digest: name },
    ...{ isTransaction: true, unread: null, ...changes },
  };
}

/** Of dbmate's kind: the number of a file is what is recorded. */
function aMigrator(...files: readonly MigrationFile[]): Migrator {
  return {
    records: [],
    files: () => Promise.resolve(files),
    recordedAs: (name) => name.split('_')[0] ?? name,
    applied: () => Promise.resolve([]),
    apply: () => Promise.resolve([]),
  };
}

test('a file is judged by its text, and run as its author and PostgreSQL want it', async () => {
  const read = await readMigrations(
    aMigrator(
      aFile('1_make.sql'),
      aFile('2_drop.sql', { text: 'DROP TABLE a' }),
      aFile('3_index.sql', { text: 'CREATE INDEX CONCURRENTLY i ON a (id)' }),
      aFile('4_plain.sql', { isTransaction: false }),
    ),
    '/migrations',
    signal,
  );

  assert.deepEqual(
    read.map(({ judged }) => [judged.recordedAs, judged.migrationClass, judged.isTransaction]),
    [
      ['1', 'expand', true],
      ['2', 'contract', true],
      ['3', 'expand', false],
      ['4', 'expand', false],
    ],
  );
});

test('what cannot be read is what its author says, or nobody knows, and never expand by itself', async () => {
  const because = 'It is a program.';
  const says = [null, 'expand', 'contract'] as const;
  const files = says.map((word, index) =>
    aFile(`${index}_a.py`, { text: 'DROP TABLE a', unread: { says: word, because } }),
  );

  const judged = (await readMigrations(aMigrator(...files), '/', signal)).map(
    (each) => each.judged,
  );
  const known = { name: '0', digest: null, isFinished: true };

  assert.deepEqual(
    judged.map(({ migrationClass, dangers }) => [migrationClass, dangers]),
    [
      ['unknown', [because]],
      ['expand', [because]],
      ['contract', [because]],
    ],
  );
  assert.deepEqual(sortMigrations({ files: judged, applied: [], shippedBefore: [] }), {
    kind: 'refused',
    because: [`Nobody can tell whether the code that serves lives with 0_a.py. ${because}`],
  });
  const sorted = sortMigrations({ files: judged, applied: [known], shippedBefore: [] });
  assert.equal(sorted.kind, 'sorted');
});

test('two files that are recorded by one name are refused', async () => {
  await assert.rejects(
    readMigrations(aMigrator(aFile('1_a.sql'), aFile('1_b.sql')), '/', signal),
    failsWith('migration-invalid', /1_a\.sql and 1_b\.sql are recorded by one name, 1:/),
  );
});

test('what was planned is what is applied, or nothing is', async () => {
  const planned = {
    ...{ name: '1_a.sql', digest: '1_a.sql', isTransaction: false, dangers: [] },
    migrationClass: 'expand' as const,
  };
  const migrations = {
    ...{ driver: 'x', folder: '/', shipped: [], now: [planned], later: [] },
    ...{ lockMs: 1, blockedMs: 1, rowsLost: 0, timeBoxMs: 1 },
  };

  const [text] = await plannedTexts(aMigrator(aFile('1_a.sql')), migrations, signal);

  assert.deepEqual([text?.path, text?.isTransaction], ['/migrations/1_a.sql', false]);
  await assert.rejects(
    plannedTexts(aMigrator(aFile('1_a.sql', { digest: 'another' })), migrations, signal),
    failsWith('migration-refused', /is not what was planned/),
  );
});
