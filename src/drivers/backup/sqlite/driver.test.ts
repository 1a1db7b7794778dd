import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { compareContents, type ContentPart } from '../../../core/backup/content.ts';
import { describeBackup } from '../../contract-suites/backup.ts';
import { describeSwitching } from '../../contract-suites/switching.ts';
import type { Backup, Restored } from '../../contract.ts';
import { sqliteBackup } from './driver.ts';
import { sqliteParts } from './restore-sqlite.ts';

const context = { signal: new AbortController().signal };

interface Subject {
  readonly path: string;
  readonly live: DatabaseSync;
  readonly backup: Backup;
}

function aDatabase(t: TestContext, mode = 'wal'): Subject {
  const folder = temporaryFolder(t);
  const path = join(folder, 'live.sqlite');
  const live = new DatabaseSync(path);
  t.after(() => live.isOpen && live.close());
  live.exec(`
    PRAGMA journal_mode = ${mode};
    CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT NOT NULL);
    CREATE INDEX by_what ON orders (what);
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
    INSERT INTO orders (what) SELECT 'order ' || i || hex(randomblob(200)) FROM n`);
  return { live, path, backup: sqliteBackup.connect({ path }, { stateDirectory: folder }) };
}

function changeOne(path: string): void {
  const database = new DatabaseSync(path);
  database.exec("UPDATE orders SET what = 'changed' WHERE id = 500");
  database.close();
}

const leftovers = (): Promise<readonly string[]> =>
  Promise.resolve(readdirSync(tmpdir()).filter((name) => name.startsWith('surefoot-sqlite-')));

for (const mode of ['wal', 'delete']) {
  describeBackup(`sqlite in mode ${mode}`, (t) => {
    const { live, backup } = aDatabase(t, mode);
    const change = async (): Promise<void> => {
      await Promise.resolve();
      live.exec("UPDATE orders SET what = 'changed' WHERE id = 500");
    };
    return Promise.resolve({ backup, change, leftovers });
  });
}

for (const mode of ['wal', 'delete']) {
  describeSwitching(`sqlite in mode ${mode}`, (t) => {
    const { live, path, backup } = aDatabase(t, mode);
    live.close();
    return Promise.resolve({
      backup,
      change: async () => {
        await Promise.resolve();
        changeOne(path);
      },
      partsOf: (name) =>
        existsSync(name) ? sqliteParts(name, context.signal) : Promise.resolve(null),
      lose: async () => {
        await Promise.resolve();
        for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
      },
    });
  });
}

test('sqlite: what somebody has open is not switched, and is as it was', async (t) => {
  const { live, path, backup } = aDatabase(t);
  const { content, close } = await backup.take(context);
  t.after(close);
  const own = backup.switching;
  assert.ok(own);
  const beside = await own.restoreBeside(content, 'b1', context);
  const { names } = await own.state('b1', context);
  const switchIn = () => beside.switchIn({ ...context, endSessions: true });

  assert.deepEqual(await own.users(context), [`process ${process.pid} (node)`]);
  await assert.rejects(switchIn(), failsWith('not-switched', /process \d+ \(\S+\) has it open/));
  assert.ok(!existsSync(names.kept));
  live.exec("INSERT INTO orders (what) VALUES ('still live')");
  live.close();
  await switchIn();
  changeOne(names.live);
  await own.back('b1', { ...context, endSessions: false });
  const back = new DatabaseSync(path);
  t.after(() => back.close());

  assert.equal(back.prepare('SELECT count(*) AS n FROM orders').get()?.['n'], 5_001);
  assert.equal(back.prepare('PRAGMA journal_mode').get()?.['journal_mode'], 'wal');
});

test('sqlite: a log that was left by one that is gone is not put to another', async (t) => {
  const { live, path, backup } = aDatabase(t);
  const { content, close } = await backup.take(context);
  t.after(close);
  live.close();
  rmSync(path);
  writeFileSync(`${path}-wal`, 'of another');

  const restoring = backup.switching?.restoreBeside(content, 'b1', context);

  await assert.rejects(
    Promise.resolve(restoring),
    failsWith('not-switched', /-wal" is in the way/),
  );
  assert.ok(!existsSync(path));
});

test('sqlite: what is counted is what is copied, however much is written meanwhile', async (t) => {
  const { live, backup } = aDatabase(t);
  const write = (): void => live.exec("INSERT INTO orders (what) VALUES ('meanwhile')");
  const writing = setInterval(write);
  const taken = await backup.take(context);
  clearInterval(writing);
  t.after(() => taken.close());
  const restored = await restoredOf(t, backup, taken.content);
  const parts = await taken.parts();

  const { since } = live.prepare('SELECT count(*) AS since FROM orders').get() ?? {};
  assert.ok(Number(since) > (sizeOf(parts, 'orders') ?? Infinity));
  assert.deepEqual(compareContents(parts, await restored.parts()), []);
  assert.deepEqual(await restored.faults(), []);
});

test('sqlite: each kind of value, name, table and definition is told from others', async (t) => {
  const { live, backup } = aDatabase(t);
  live.exec(`
    CREATE TABLE "Odd ""names""" (v, "select" GENERATED ALWAYS AS (v || '') VIRTUAL);
    CREATE TABLE pairs (one TEXT, two TEXT, PRIMARY KEY (one, two)) WITHOUT ROWID;
    CREATE VIRTUAL TABLE words USING fts5 (text);
    INSERT INTO words VALUES ('found again');
    CREATE VIEW most AS SELECT max(id) FROM orders;
    PRAGMA user_version = 7`);
  const seen = new Set<string | undefined>();
  const values = ['NULL', "''", "x''", '1', "'1'", '1.5', "'NULL'", "x'31'", "'a' || char(0)"];
  const more = [
    "'a'",
    '9007199254740993',
    '9007199254740992',
    "CAST(x'ff' AS TEXT)",
    "CAST(x'fe' AS TEXT)",
  ];
  for (const value of [...values, ...more]) {
    live.exec(`DELETE FROM "Odd ""names"""; INSERT INTO "Odd ""names""" (v) VALUES (${value})`);
    const parts = await partsOf(backup);
    seen.add(parts.find(({ name }) => name === 'Odd "names"')?.hash);
  }
  live.exec("INSERT INTO pairs VALUES ('a', 'bc'), ('', '')");
  const first = await partsOf(backup);
  live.exec(
    "UPDATE pairs SET one = 'ab', two = 'c' WHERE one = 'a'; PRAGMA user_version = 8; DROP VIEW most",
  );
  const second = await partsOf(backup);

  assert.equal(seen.size, values.length + more.length);
  assert.ok((sizeOf(first, 'words_data') ?? 0) > 0);
  assert.deepEqual(
    compareContents(first, second).map(({ part }) => part),
    ['definition of settings', 'definition of view most', 'pairs'],
  );
});

test('sqlite: damage that its length does not show is found', async (t) => {
  const { backup } = aDatabase(t);
  const taken = await backup.take(context);
  const pieces: Buffer[] = [];
  for await (const piece of taken.content) pieces.push(Buffer.from(piece));
  await taken.close();
  const whole = Buffer.concat(pieces);

  const restored = await restoredOf(t, backup, onePiece(whole.fill(0xff, 8_192, whole.length / 2)));

  await assert.rejects(restored.parts(), failsWith('backup-damaged', /malformed/));
  assert.notDeepEqual(await restored.faults(), []);
});

test('sqlite: one byte more or less makes it none', async (t) => {
  const { backup } = aDatabase(t);
  const taken = await backup.take(context);
  const pieces: Buffer[] = [];
  for await (const piece of taken.content) pieces.push(Buffer.from(piece));
  await taken.close();
  const whole = Buffer.concat(pieces);

  for (const wrong of [whole.subarray(0, -1), Buffer.concat([whole, Buffer.alloc(1)])]) {
    const restoring = backup.restore(onePiece(wrong), context);
    await assert.rejects(restoring, failsWith('backup-damaged', /says \d+ of itself/));
  }
});

test('sqlite: what is not there, is none or is not to be read leaves nothing', async (t) => {
  const folder = temporaryFolder(t);
  const before = await leftovers();
  for (const path of [join(folder, 'nowhere'), folder, import.meta.filename]) {
    const backup = sqliteBackup.connect({ path }, { stateDirectory: folder });
    await assert.rejects(backup.take(context), failsWith('backup-unverifiable', /SQLite says/));
  }
  assert.deepEqual(await leftovers(), before);
  assert.ok(!readdirSync(folder).includes('nowhere'));
});

test('sqlite: it ends when it is told to', async (t) => {
  const { backup } = aDatabase(t);
  const before = await leftovers();
  const ending = new AbortController();
  const taking = backup.take({ signal: ending.signal });
  ending.abort(new Error('too late'));

  await assert.rejects(taking, /too late/);
  assert.deepEqual(await leftovers(), before);
});

async function restoredOf(
  t: TestContext,
  backup: Backup,
  content: AsyncIterable<Uint8Array>,
): Promise<Restored> {
  const restored = await backup.restore(content, context);
  t.after(() => restored.remove());
  return restored;
}

async function partsOf(backup: Backup): Promise<readonly ContentPart[]> {
  const taken = await backup.take(context);
  try {
    return await taken.parts();
  } finally {
    await taken.close();
  }
}

async function* onePiece(content: Buffer): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(content);
}

function sizeOf(parts: readonly ContentPart[], wanted: string): number | undefined {
  return parts.find(({ name }) => name === wanted)?.size;
}
