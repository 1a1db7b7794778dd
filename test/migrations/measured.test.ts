import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { judgeMigration } from '../../src/core/migration/judge-migration.ts';
import type { MigrationJudgement } from '../../src/core/migration/migration-judgement.ts';
import { openScratchDatabase } from '../../src/engine/validation/scratch-database.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { parseSql } from '../../src/platform/parse-sql.ts';
import { removeFolder } from '../../src/platform/remove-folder.ts';
import { expectedJudgements } from './expected-judgements.ts';
import {
  differences,
  measureInTransaction,
  measureOutside,
  tableOf,
  withClient,
  type MeasuredRelation,
} from './measure-migration.ts';
import { moreStatements } from './more-statements.ts';
import { migrationText } from './read-migration.ts';

/** What the server says against those that it does not run at all. */
const refused: Readonly<Record<string, RegExp>> = {
  '24-concurrent-with-others.hazard.sql': /cannot run inside a transaction block/,
  '40-enum-value-used.hazard.sql': /unsafe use of new value "lost" of enum type state/,
};

/** Whose locks no text shows, and why. */
const hidden: Readonly<Record<string, string>> = {
  '28-detach-partition.safe.sql': 'its second lock comes after the first is let go',
  '42-transaction-control.hazard.sql': 'it ends the transaction that would be measured',
  '45-database.hazard.sql': 'it touches no table',
  '52-do-block.hazard.sql': 'it puts its statement together when it runs',
  '69-domain.hazard.sql': 'the tables that use a domain are known to the server only',
};

async function measured(
  url: string,
  text: string,
  judgement: MigrationJudgement,
): Promise<MeasuredRelation[]> {
  if (judgement.isTransaction) return await measureInTransaction(url, text);
  const { statements } = await parseSql(text);
  const table = await tableOf(url, judgement.touches[0]?.relation ?? '');
  const sources = statements.map(({ source }) => source);
  return await measureOutside(url, sources, table);
}

/** Those that cannot be rolled back come last. */
async function inOrder() {
  const shown = expectedJudgements.filter(({ file }) => !(file in hidden));
  const all = await Promise.all(
    shown.map(async ({ file }) => {
      const text = migrationText(file);
      return { file, text, judgement: judgeMigration(await parseSql(text)) };
    }),
  );
  const more = await Promise.all(
    moreStatements.map(async (text) => ({
      ...{ file: text, text, judgement: judgeMigration(await parseSql(text)) },
    })),
  );
  const isLast = ({ judgement }: (typeof all)[number]): boolean => !judgement.isTransaction;
  return [...all.filter((each) => !isLast(each)), ...more, ...all.filter(isLast)];
}

test('PostgreSQL locks, reads and writes anew what was said of each migration', async (t) => {
  const folder = join(mkdtempSync(join(tmpdir(), 'surefoot-migrations-')), 'postgres');
  const signal = new AbortController().signal;
  const { url, remove } = await openScratchDatabase(folder, { clock: systemClock, signal });
  t.after(async () => {
    await remove();
    await removeFolder(dirname(folder));
  });
  await withClient(url, (client) => client.query(migrationText('schema.sql')));

  for (const { file, text, judgement } of await inOrder()) {
    const refusal = refused[file];
    if (refusal) {
      await assert.rejects(measureInTransaction(url, text), refusal, file);
      continue;
    }
    const found = differences(judgement.touches, await measured(url, text, judgement));
    assert.deepEqual(found, [], file);
  }
});
