import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test, type TestContext } from 'node:test';
import { Client } from 'pg';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { packagedServer } from '../../../../test/support/packaged-server.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { compareContents, type ContentPart } from '../../../core/backup/content.ts';
import { describeBackup } from '../../contract-suites/backup.ts';
import type { Backup, Restored, Taken } from '../../contract.ts';
import { pgDumpBackup } from './driver.ts';

const PROGRAMS = '/usr/lib/postgresql/15/bin';
const isThere = ['pg_dump', 'pg_restore', 'initdb', 'postgres'].every((name) =>
  existsSync(join(PROGRAMS, name)),
);
const context = { signal: new AbortController().signal };

describe('pg-dump', { skip: isThere ? false : "needs Debian's postgresql-15" }, () => {
  const server = packagedServer(PROGRAMS, 'chief');
  const state = mkdtempSync(join(tmpdir(), 'sf-'));
  after(() => rmSync(state, { recursive: true }));

  const aBackup = (database = 'shop', programs?: string): Backup =>
    pgDumpBackup.connect(
      { url: server.url(database), ...(programs === undefined ? {} : { programs }) },
      { stateDirectory: state },
    );
  const leftovers = (): Promise<readonly string[]> =>
    Promise.resolve(readdirSync(tmpdir()).filter((name) => name.startsWith('surefoot-pgdump-')));

  async function withOrders(): Promise<void> {
    await server.run('DROP DATABASE IF EXISTS shop WITH (FORCE)');
    await server.run('CREATE DATABASE shop');
    await server.run(
      `CREATE TABLE orders (id serial PRIMARY KEY, what text NOT NULL);
      INSERT INTO orders (what) SELECT 'order ' || i || repeat(md5(i::text), 20) FROM generate_series(1, 1000) AS i`,
      'shop',
    );
  }

  async function session(t: TestContext): Promise<Client> {
    const client = new Client({ connectionString: server.url('shop') });
    await client.connect();
    t.after(() => client.end());
    return client;
  }

  describeBackup('pg-dump', async () => {
    await withOrders();
    const change = (): Promise<void> =>
      server.run("UPDATE orders SET what = 'changed' WHERE id = 500", 'shop');
    return { backup: aBackup(), change, leftovers };
  });

  test('pg-dump: what is counted is what is dumped, however much is written meanwhile', async (t) => {
    await withOrders();
    const writer = await session(t);
    const writing = new AbortController();
    const written = (async () => {
      let writes = 0;
      while (!writing.signal.aborted) {
        await writer.query("INSERT INTO orders (what) VALUES ('meanwhile')");
        writes += 1;
      }
      return writes;
    })();

    const taken = await aBackup().take(context);
    writing.abort();
    assert.ok((await written) > 10);
    const { restored, parts } = await restoredOf(t, aBackup(), taken);

    assert.deepEqual(compareContents(parts, await restored.parts()), []);
    assert.deepEqual(await restored.faults(), []);
  });

  test('pg-dump: owners, rights, policies and large objects come back, for roles that are not there', async (t) => {
    await withOrders();
    await server.run(
      `DROP ROLE IF EXISTS clerk, "odd "" one"; CREATE ROLE clerk LOGIN; CREATE ROLE "odd "" one" SUPERUSER;
      ALTER DATABASE shop SET work_mem = '8MB'; ALTER ROLE clerk IN DATABASE shop SET work_mem = '9MB'`,
    );
    await server.run(
      `CREATE SCHEMA back AUTHORIZATION clerk; CREATE TYPE back.mood AS ENUM ('calm', 'cross');
      CREATE TABLE back."Odd ""names""" (mood back.mood, at timestamptz, sum numeric, bytes bytea, list int[]);
      INSERT INTO back."Odd ""names""" VALUES ('calm', now(), 'NaN', '\\x00ff', '{1,NULL}'), (NULL, NULL, 0.10, '', '{}');
      GRANT SELECT, INSERT ON orders TO clerk; GRANT SELECT ON orders TO PUBLIC; GRANT UPDATE (what) ON orders TO "odd "" one";
      GRANT SELECT ON back."Odd ""names""" TO clerk; REVOKE SELECT ON back."Odd ""names""" FROM clerk;
      ALTER TABLE orders ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON orders FOR SELECT TO clerk USING (id > 1);
      CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n'; ALTER FUNCTION twice OWNER TO "odd "" one";
      REVOKE ALL ON FUNCTION twice FROM PUBLIC; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO clerk;
      CREATE MATERIALIZED VIEW most AS SELECT max(id) FROM orders; CREATE VIEW doubled AS SELECT twice(id) FROM orders;
      SELECT lo_from_bytea(0, 'a large one'); CREATE EXTENSION amcheck`,
      'shop',
    );

    const { restored, parts } = await restoredOf(t, aBackup(), await aBackup().take(context));

    assert.deepEqual(compareContents(parts, await restored.parts()), []);
    assert.equal(sizeOf(parts, 'shop.back.Odd "names"'), 2);
    assert.equal(sizeOf(parts, 'shop: large objects'), 1);
    assert.deepEqual(await restored.faults(), []);
  });

  test('pg-dump: rights that somebody has lost make it another content', async () => {
    await withOrders();
    const first = await partsOf(await aBackup().take(context));
    await server.run('GRANT SELECT ON orders TO PUBLIC', 'shop');
    const second = await partsOf(await aBackup().take(context));

    assert.deepEqual(
      compareContents(first, second).map(({ part }) => part),
      ['shop: definition of public.orders'],
    );
  });

  test('pg-dump: a database that each server has is taken as any other', async (t) => {
    await server.run('DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT 1 AS one');
    const backup = aBackup('postgres');

    const { restored, parts } = await restoredOf(t, backup, await backup.take(context));

    assert.equal(sizeOf(parts, 'postgres.public.kept'), 1);
    assert.deepEqual(compareContents(parts, await restored.parts()), []);
  });

  test('pg-dump: a dump of which only the end is missing is none', async () => {
    await withOrders();
    const taken = await aBackup().take(context);
    const pieces: Buffer[] = [];
    for await (const piece of taken.content) pieces.push(Buffer.from(piece));
    await taken.close();
    const whole = Buffer.concat(pieces);
    const before = await leftovers();

    for (const cut of [1, 100, 3_000]) {
      const restoring = aBackup().restore(onePiece(whole.subarray(0, -cut)), context);
      await assert.rejects(restoring, failsWith('backup-damaged', /pg_restore ended with 1/));
    }
    assert.deepEqual(await leftovers(), before);
  });

  test('pg-dump: one that fails, or is killed in the middle, is an error with its last words', async (t) => {
    await withOrders();
    const ends = [
      ['echo half; echo "no more room" >&2; exit 1', /pg_dump ended with 1:\nno more room/],
      ['echo half; kill -9 $$', /pg_dump was killed by SIGKILL/],
    ] as const;
    for (const [script, says] of ends) {
      const programs = programsThat(t, script);
      const before = await leftovers();
      await assert.rejects(
        aBackup('shop', programs).take(context),
        failsWith('backup-unverifiable', says),
      );
      assert.deepEqual(await leftovers(), before);
    }
  });

  test('pg-dump: the password is in the environment alone', async (t) => {
    await withOrders();
    await server.run("DROP ROLE IF EXISTS teller; CREATE ROLE teller LOGIN PASSWORD 'very secret'");
    const seen = join(temporaryFolder(t), 'seen');
    const programs = programsThat(t, `{ echo "$PGPASSWORD"; echo "$0 $*"; } >"${seen}"; exit 1`);
    const url = new URL(server.url('shop'));
    url.username = 'teller';
    url.password = 'very secret';
    const backup = pgDumpBackup.connect(
      { url: url.toString(), programs },
      { stateDirectory: state },
    );

    await assert.rejects(backup.take(context), failsWith('backup-unverifiable'));

    const [password, command = ''] = readLines(seen);
    assert.equal(password, 'very secret');
    assert.match(command, /--snapshot=/);
    assert.doesNotMatch(command, /very|secret|teller/);
  });

  test('pg-dump: programs that are missing or of another version are named', async (t) => {
    await withOrders();
    const before = await leftovers();
    const says = /needs PostgreSQL 15's pg_dump/;
    await assert.rejects(
      aBackup('shop', temporaryFolder(t)).take(context),
      failsWith('backup-unverifiable', says),
    );
    const older = programsThat(t, 'exit 0', 14);
    await assert.rejects(
      aBackup('shop', older).take(context),
      failsWith('backup-unverifiable', says),
    );
    assert.deepEqual(await leftovers(), before);
  });

  test('pg-dump: who may not read all of it gets an error and no part of it', async () => {
    await withOrders();
    await server.run('DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN');
    const url = new URL(server.url('shop'));
    url.username = 'guest';
    const backup = pgDumpBackup.connect({ url: url.toString() }, { stateDirectory: state });

    await assert.rejects(
      backup.take(context),
      failsWith('backup-unverifiable', /permission denied/),
    );
  });

  test('pg-dump: it ends when it is told to, with what it has started', async (t) => {
    await withOrders();
    const blocker = await session(t);
    await blocker.query('BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE');
    const before = await leftovers();
    const reason = new Error('too late');
    const ending = new AbortController();
    const taking = aBackup().take({ signal: ending.signal });
    const said = assert.rejects(taking, /too late/);
    await untilWaiting(await session(t));
    ending.abort(reason);

    await said;
    assert.deepEqual(await leftovers(), before);
  });
});

function programsThat(t: TestContext, script: string, major = 15): string {
  const folder = temporaryFolder(t);
  const version = `[ "$1" = --version ] && echo "pg_dump (PostgreSQL) ${major}.1" && exit 0`;
  writeFileSync(join(folder, 'pg_dump'), `#!/bin/sh\n${version}\n${script}\n`, { mode: 0o755 });
  return folder;
}

async function untilWaiting(client: Client): Promise<void> {
  const query =
    "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = 'shop'";
  while ((await client.query(query)).rows.length < 2);
}

function readLines(path: string): readonly string[] {
  return readFileSync(path, 'utf8').split('\n');
}

async function* onePiece(content: Buffer): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(content);
}

async function restoredOf(
  t: TestContext,
  backup: Backup,
  taken: Taken,
): Promise<{ readonly restored: Restored; readonly parts: readonly ContentPart[] }> {
  try {
    const restored = await backup.restore(taken.content, context);
    t.after(() => restored.remove());
    return { restored, parts: await taken.parts() };
  } finally {
    await taken.close();
  }
}

async function partsOf(taken: Taken): Promise<readonly ContentPart[]> {
  try {
    return await taken.parts();
  } finally {
    await taken.close();
  }
}

function sizeOf(parts: readonly ContentPart[], wanted: string): number | undefined {
  return parts.find(({ name }) => name === wanted)?.size;
}
