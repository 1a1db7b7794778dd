import assert from 'node:assert/strict';
import {
  createReadStream,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { Client } from 'pg';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { runningPostgres } from '../../../../test/support/running-postgres.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { compareContents, type ContentPart } from '../../../core/backup/content.ts';
import { packTar, type TarEntry } from '../../../platform/pack-tar.ts';
import { pathsBelow } from '../../../platform/paths-below.ts';
import { unpackTar } from '../../../platform/unpack-tar.ts';
import { describeBackup } from '../../contract-suites/backup.ts';
import type { Backup, Restored, Taken } from '../../contract.ts';
import { pgBaseBackup } from './driver.ts';

const postgres = runningPostgres();
const state = mkdtempSync(join(tmpdir(), 'sf-'));
after(() => rmSync(state, { recursive: true }));
const context = { signal: new AbortController().signal };

describeBackup('pg-base', async () => {
  await withArticles();
  return {
    backup: aBackup(),
    change: () => postgres.run("UPDATE articles SET title = 'changed' WHERE id = 500"),
    leftovers: () =>
      Promise.resolve(readdirSync(tmpdir()).filter((name) => name.startsWith('surefoot-pg-'))),
  };
});

const WRITES_MAX = 300;

test('pg-base: what is written while it is taken belongs to it wholly or not at all', async (t) => {
  await withArticles();
  const writer = await session(t);
  const openOne = await session(t);
  await openOne.query('BEGIN');
  await openOne.query("INSERT INTO articles (title) VALUES ('never committed before the moment')");
  const taken = await aBackup().take(context);

  let writes = 0;
  async function* whileWriting(): AsyncGenerator<Uint8Array> {
    for await (const piece of taken.content) {
      // What nobody may clean up yet, as a transaction is open, would make each write slower than the one before.
      if (writes < WRITES_MAX) {
        await writer.query(`UPDATE articles SET title = title || '.' WHERE id = ${writes}`);
        writes += 1;
      }
      yield piece;
    }
  }
  const { restored, parts } = await restoredOf(t, { ...taken, content: whileWriting() });
  await openOne.query('COMMIT');

  assert.ok(writes > 100);
  assert.deepEqual(compareContents(parts, await restored.parts()), []);
  assert.equal(sizeOf(parts, 'surefoot.public.articles'), 1000);
  assert.deepEqual(await restored.faults(), []);
});

test('pg-base: every database, its definitions, large objects and what only the log has', async (t) => {
  await withArticles();
  await postgres.run('DROP DATABASE IF EXISTS "other one"');
  await postgres.run('CREATE DATABASE "other one"');
  const other = await session(t, 'other one');
  await other.query(`
    CREATE TYPE mood AS ENUM ('calm', 'cross');
    CREATE TABLE "Odd ""names""" (mood mood, at timestamptz, sum numeric, bytes bytea, list int[]);
    INSERT INTO "Odd ""names""" VALUES ('calm', now(), 'NaN', '\\x00ff', '{1,NULL}'), (NULL, NULL, 0.10, '', '{}');
    CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n';
    CREATE UNLOGGED TABLE scratch (n int);
    INSERT INTO scratch VALUES (1);
    SELECT lo_from_bytea(0, 'a large one')`);

  const { restored, parts } = await restoredOf(t, await aBackup().take(context));
  const names = parts.map(({ name }) => name);

  assert.deepEqual(compareContents(parts, await restored.parts()), []);
  assert.equal(sizeOf(parts, 'other one.public.Odd "names"'), 2);
  assert.equal(sizeOf(parts, 'other one: large objects'), 1);
  assert.ok(names.includes('other one: definition of public.twice(n integer)'));
  assert.ok(names.includes('other one: definition of public.scratch'));
  assert.ok(!names.includes('other one.public.scratch'));
});

test('pg-base: a definition that is changed is another content', async () => {
  await withArticles();
  const first = await partsOf(await aBackup().take(context));
  await postgres.run('ALTER TABLE articles ALTER title DROP NOT NULL');
  const second = await partsOf(await aBackup().take(context));

  assert.deepEqual(
    compareContents(first, second).map(({ part }) => part),
    ['surefoot: definition of public.articles'],
  );
});

test('pg-base: nothing of it stays in the server, also when it is broken off', async () => {
  await withArticles();
  const taken = await aBackup().take(context);
  const pieces = taken.content[Symbol.asyncIterator]();
  await pieces.next();
  await pieces.return?.();
  await taken.close();

  const client = new Client({ connectionString: postgres.url() });
  await client.connect();
  const { rows } = await client.query<{ slots: string; sessions: string }>(
    `SELECT (SELECT count(*) FROM pg_replication_slots)::text AS slots,
      (SELECT count(*) FROM pg_stat_activity WHERE application_name = 'surefoot')::text AS sessions`,
  );
  await client.end();
  assert.deepEqual(rows, [{ slots: '0', sessions: '0' }]);
});

test('pg-base: what ended at the very moment is no content to be held against', async (t) => {
  await withArticles();
  const writer = await session(t);
  const { rows } = await writer.query<{ ended: string }>(
    "WITH one AS (INSERT INTO articles (title) VALUES ('x') RETURNING 1) SELECT pg_current_xact_id()::text AS ended",
  );
  const folder = join(temporaryFolder(t), 'cluster');
  const taken = await aBackup().take(context);
  await unpackTar(taken.content, folder);
  await taken.close();
  const file = join(folder, 'surefoot-moment.json');
  const moment = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...moment, undecided: [rows[0]?.ended] }));

  const again = (): Promise<Restored> => aBackup().restore(packTar(entriesIn(folder)), context);

  await assert.rejects(again(), failsWith('backup-unverifiable'));

  writeFileSync(file, JSON.stringify({ ...moment, restorePoint: 'another' }));
  await assert.rejects(again(), failsWith('backup-damaged'));
});

test('pg-base: what PostgreSQL itself finds damaged when it is counted is told so', async (t) => {
  await withArticles();
  const client = await session(t);
  // What is written to the page meanwhile, by a vacuum too, would be in the log, and heal it.
  await client.query('ALTER TABLE articles SET (autovacuum_enabled = false)');
  await client.query('VACUUM articles');
  await client.query('CHECKPOINT');
  const { rows } = await client.query<{ path: string }>(
    "SELECT pg_relation_filepath('articles') AS path",
  );
  const folder = join(temporaryFolder(t), 'cluster');
  const taken = await aBackup().take(context);
  await unpackTar(taken.content, folder);
  await taken.close();
  const file = join(folder, rows[0]?.path ?? '');
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xff, 4_000, 4_100));

  const restored = await aBackup().restore(packTar(entriesIn(folder)), context);
  t.after(() => restored.remove());

  await assert.rejects(restored.parts(), failsWith('backup-damaged', /surefoot cannot be read/));
  assert.match((await restored.faults())?.join() ?? '', /articles/);
});

test('pg-base: a server that is not there, and one whose data is elsewhere, are refused', async () => {
  const nowhere = pgBaseBackup.connect(
    { url: 'postgresql://nobody@127.0.0.1:1/x' },
    { stateDirectory: state },
  );

  await assert.rejects(nowhere.take(context), failsWith('database-unreachable'));
});

function aBackup(): Backup {
  return pgBaseBackup.connect({ url: postgres.url() }, { stateDirectory: state });
}

function withArticles(): Promise<void> {
  return postgres.run(`
    DROP TABLE IF EXISTS articles;
    CREATE TABLE articles (id serial PRIMARY KEY, title text NOT NULL);
    INSERT INTO articles (title) SELECT 'title ' || i FROM generate_series(1, 1000) AS i`);
}

async function* entriesIn(folder: string): AsyncGenerator<TarEntry> {
  for (const { path, entry } of await pathsBelow(folder)) {
    const mode = entry.isDirectory() ? 0o700 : 0o600;
    if (entry.isDirectory()) {
      yield { kind: 'folder', path, mode };
    } else {
      const whole = join(folder, path);
      const { size: bytes, mtime: modifiedAt } = statSync(whole);
      const content = (): AsyncIterable<Buffer> => createReadStream(whole);
      yield { kind: 'file', path, mode, bytes, modifiedAt, content };
    }
  }
}

async function session(t: TestContext, database?: string): Promise<Client> {
  const url = new URL(postgres.url());
  if (database !== undefined) url.pathname = `/${encodeURIComponent(database)}`;
  const client = new Client({ connectionString: url.toString() });
  await client.connect();
  t.after(() => client.end());
  return client;
}

async function restoredOf(
  t: TestContext,
  taken: Taken,
): Promise<{ readonly restored: Restored; readonly parts: readonly ContentPart[] }> {
  try {
    const restored = await aBackup().restore(taken.content, context);
    t.after(() => restored.remove());
    return { restored, parts: await taken.parts() };
  } finally {
    await taken.close();
  }
}

async function partsOf(taken: Taken): Promise<readonly ContentPart[]> {
  try {
    for await (const piece of taken.content) assert.ok(piece.length > 0);
    return await taken.parts();
  } finally {
    await taken.close();
  }
}

function sizeOf(parts: readonly ContentPart[], wanted: string): number | undefined {
  return parts.find(({ name }) => name === wanted)?.size;
}
