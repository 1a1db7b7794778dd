import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { aPreviewedChain, aServer, asks } from '../../../test/support/engine/a-previewed-chain.ts';
import { runningPostgres } from '../../../test/support/running-postgres.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { pgBaseBackup } from '../../drivers/backup/pg-base/driver.ts';
import { sqliteBackup } from '../../drivers/backup/sqlite/driver.ts';
import { systemClock } from '../../platform/clock.ts';
import { openPostgres, withDatabase } from '../../platform/open-postgres.ts';
import { keptBackups } from '../backup/kept-backups.ts';
import { takeBackup } from '../backup/take-backup.ts';
import { verifyBackup } from '../backup/verify-backup.ts';
import { connectDriver } from '../connect-driver.ts';
import { restoresForPreview } from './restore-for-preview.ts';

const connect = connectDriver([sqliteBackup, pgBaseBackup]);
const YEAR_MS = 365 * 86_400_000;
const SOURCE = 'production/newsroom/database';

/** Backups of one source in a state directory of their own, asked for a year later. */
function aKept(t: TestContext, driver: string, config: unknown) {
  const stateDirectory = temporaryFolder(t);
  const clock = { ...systemClock, wallMs: () => systemClock.wallMs() + YEAR_MS };
  const surroundings = { connect, agents: { stateDirectory }, clock, host: {} };
  const of = {
    ...{ name: 'database', source: SOURCE },
    declared: () => Promise.resolve({ driver, config, place: null, probe: null }),
  };
  const take = async (id: string, isVerified = true): Promise<void> => {
    const backup = connect('backup', { driver, config }, { stateDirectory });
    const { signal } = new AbortController();
    const given = { backup, clock: systemClock, signal, host: {}, place: null };
    const { work } = await keptBackups(stateDirectory, given);
    await takeBackup(work, { id, source: SOURCE, driver });
    if (isVerified) {
      await verifyBackup(work, { source: SOURCE, id }, { partsMin: 1, probe: null });
    }
  };
  return { take, restore: restoresForPreview(of, surroundings) };
}

function aSqlite(t: TestContext) {
  const path = join(temporaryFolder(t), 'live.sqlite');
  const live = new DatabaseSync(path);
  t.after(() => live.close());
  live.exec("CREATE TABLE story (title TEXT); INSERT INTO story VALUES ('first')");
  return { live, ...aKept(t, 'sqlite', { path }) };
}

const database = (seed: readonly (readonly string[])[] = []) => ({
  ...{ backup: 'database', variable: 'DB', seed },
});

const SQLITE = "const db = new (require('node:sqlite').DatabaseSync)(process.env.DB);";
const STORIES = aServer(
  {
    '/stories':
      "response.end(db.prepare('SELECT title FROM story').all().map(({ title }) => title).join()); return",
  },
  `${SQLITE} console.log('database ' + process.env.DB);`,
);

const leftovers = (): readonly string[] =>
  readdirSync(tmpdir()).filter((name) => /^surefoot-(?:sqlite|pg)-/.test(name));

test('a preview works on what the newest verified backup holds, and what it does there stays there', async (t) => {
  const before = leftovers();
  const { live, take, restore } = aSqlite(t);
  await take('2026-01-01-a');
  live.exec("INSERT INTO story VALUES ('second')");
  await take('2026-01-02-b');
  live.exec("INSERT INTO story VALUES ('third')");
  await take('2026-01-03-c', false);
  const writes = `${SQLITE} db.exec("INSERT INTO story VALUES ('seeded')")`;
  const chain = aPreviewedChain(t, STORIES, [asks('e2e', '/stories')], {
    preview: { database: database([['node', '-e', writes]]), restore },
  });

  const { preview, e2e } = await chain.results();

  assert.equal(preview?.outcome, 'PASS', preview?.because ?? '');
  assert.match(readFileSync(e2e?.evidence?.log ?? '', 'utf8'), /^first,second,seeded$/m);
  assert.match(chain.printed(), /^The database is restored from the backup 2026-01-02-b\.$/m);
  assert.deepEqual(live.prepare('SELECT count(*) AS stories FROM story').get()?.['stories'], 3);
  assert.deepEqual([leftovers(), await chain.left()], [before, 0]);
});

for (const isTaken of [false, true]) {
  test(`without one that is verified (${isTaken ? 'one is not' : 'none was taken'}) nothing is started, and it is told what to do`, async (t) => {
    const { take, restore } = aSqlite(t);
    if (isTaken) await take('2026-01-01-a', false);
    const chain = aPreviewedChain(t, STORIES, [asks('e2e', '/stories')], {
      preview: { database: database(), restore },
    });

    const { preview, e2e } = await chain.results();

    assert.deepEqual([preview?.outcome, e2e?.outcome], ['ERROR', 'NOT_RUN']);
    const why =
      'preview.database.backup: there is no verified backup of production/newsroom/database to restore. Take one: npx surefoot backup take database.';
    assert.equal(preview?.because, why);
  });
}

test('what was restored is gone when the preview does not come up', async (t) => {
  const before = leftovers();
  const { take, restore } = aSqlite(t);
  await take('2026-01-01-a');
  const chain = aPreviewedChain(t, STORIES, [asks('e2e', '/stories')], {
    preview: { database: database([['node', '-e', 'process.exitCode = 3']]), restore },
  });

  const { preview } = await chain.results();

  assert.match(preview?.because ?? '', /The database could not be seeded by/);
  assert.deepEqual(leftovers(), before);
});

const postgres = runningPostgres();
const ASKS_POSTGRES = `
  const { Client } = require(process.env.PG);
  const client = new Client({ connectionString: process.env.DB });
  const done = client.connect().then(() => client.query('SELECT current_database() AS name, title FROM story'));
  done.then(() => console.log('database ' + process.env.DB));
`;

test('of a whole server that was restored it gets the database that its backup is taken through', async (t) => {
  const before = leftovers();
  await postgres.run('CREATE DATABASE stories');
  const url = withDatabase(postgres.url(), 'stories');
  const client = await openPostgres(url);
  await client.query("CREATE TABLE story AS SELECT 'kept' AS title");
  await client.end();
  const { take, restore } = aKept(t, 'pg-base', { url });
  await take('2026-01-01-a');
  const says =
    "done.then(({ rows: [row] }) => response.end(row.title + ' in ' + row.name)); return";
  const server = aServer({ '/stories': says }, ASKS_POSTGRES);
  const chain = aPreviewedChain(t, server, [asks('e2e', '/stories')], {
    preview: {
      ...{ database: database(), restore },
      env: { PG: createRequire(import.meta.url).resolve('pg') },
    },
  });

  const { preview, e2e } = await chain.results();

  assert.equal(preview?.outcome, 'PASS', preview?.because ?? '');
  assert.match(readFileSync(e2e?.evidence?.log ?? '', 'utf8'), /^kept in stories$/m);
  assert.match(chain.printed(), /^database \[secret\]$/m);
  assert.deepEqual(leftovers(), before);
});
