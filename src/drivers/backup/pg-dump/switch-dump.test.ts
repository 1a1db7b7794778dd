import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test, type TestContext } from 'node:test';
import { Client } from 'pg';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { packagedServer } from '../../../../test/support/packaged-server.ts';
import { until } from '../../../../test/support/until.ts';
import { restoredDatabases } from '../../../platform/restored-databases.ts';
import { describeSwitching } from '../../contract-suites/switching.ts';
import type { Backup, Beside, Switching } from '../../contract.ts';
import { pgDumpBackup } from './driver.ts';

const PROGRAMS = '/usr/lib/postgresql/15/bin';
const isThere = ['pg_dump', 'pg_restore', 'initdb', 'postgres'].every((name) =>
  existsSync(join(PROGRAMS, name)),
);
const context = { signal: new AbortController().signal };
const unforced = { ...context, endSessions: false };

describe('pg-dump', { skip: isThere ? false : "needs Debian's postgresql-15" }, () => {
  const server = packagedServer(PROGRAMS, 'chief');
  const state = mkdtempSync(join(tmpdir(), 'sf-'));
  after(() => rmSync(state, { recursive: true }));

  const aBackup = (): Backup =>
    pgDumpBackup.connect({ url: server.url('shop') }, { stateDirectory: state });

  async function ask<Row>(query: string, database = 'postgres'): Promise<readonly Row[]> {
    const client = new Client({ connectionString: server.url(database) });
    await client.connect();
    try {
      return (await client.query(query)).rows as readonly Row[];
    } finally {
      await client.end();
    }
  }

  async function namesThere(): Promise<readonly string[]> {
    const query =
      "SELECT datname::text AS name FROM pg_database WHERE datname LIKE 'shop%' ORDER BY 1";
    return (await ask<{ name: string }>(query)).map(({ name }) => name);
  }

  async function withOrders(): Promise<void> {
    for (const name of await namesThere()) await server.run(`DROP DATABASE "${name}" WITH (FORCE)`);
    await server.run('CREATE DATABASE shop');
    await server.run(
      `CREATE TABLE orders (id serial PRIMARY KEY, what text NOT NULL);
      INSERT INTO orders (what) SELECT md5(i::text) FROM generate_series(1, 1000) AS i`,
      'shop',
    );
  }

  async function restoredBeside(): Promise<{ readonly own: Switching; readonly beside: Beside }> {
    const backup = aBackup();
    const { switching: own } = backup;
    assert.ok(own);
    const taken = await backup.take(context);
    const beside = await own.restoreBeside(taken.content, 'b1', context);
    await taken.close();
    return { own, beside };
  }

  describeSwitching('pg-dump', async () => {
    await withOrders();
    return {
      backup: aBackup(),
      change: () => server.run("UPDATE orders SET what = 'changed' WHERE id = 500", 'shop'),
      async partsOf(name) {
        if (!(await namesThere()).includes(name)) return null;
        return restoredDatabases(server.url(), [name], () => 'shop').parts();
      },
      lose: () => server.run('DROP DATABASE shop WITH (FORCE)'),
    };
  });

  test('pg-dump: what is used is not switched; its sessions end when that is wanted, however often they come again', async (t) => {
    await withOrders();
    const { own, beside } = await restoredBeside();
    await server.run("INSERT INTO orders (what) VALUES ('since')", 'shop');
    const comesAgain = aClientThatComesAgain(t, server.url('shop'));
    await until('it is in', () => comesAgain.sessions() > 0);

    const [user = ''] = await own.users(context);
    assert.match(user, /^chief \(till\) from this machine, \w+$/);
    const refused = failsWith('not-switched', /"shop" is in use: chief \(till\).*--end-sessions/);
    await assert.rejects(beside.switchIn(unforced), refused);
    assert.deepEqual(await namesThere(), ['shop', 'shop_restored_b1']);
    const before = comesAgain.sessions();
    await beside.switchIn({ ...context, endSessions: true });
    await until('it is in again', () => comesAgain.sessions() > before);

    assert.deepEqual(await namesThere(), ['shop', 'shop_before_b1']);
    assert.deepEqual(await ask('SELECT count(*)::int AS n FROM orders', 'shop'), [{ n: 1_000 }]);
    await own.back('b1', { ...context, endSessions: true });
    assert.deepEqual(await ask('SELECT count(*)::int AS n FROM orders', 'shop'), [{ n: 1_001 }]);
    assert.deepEqual(await namesThere(), ['shop', 'shop_undone_b1']);
  });

  test('pg-dump: owner, rights, settings and words of the database stay', async () => {
    await withOrders();
    await server.run(
      `DROP ROLE IF EXISTS keeper; DROP ROLE IF EXISTS "odd "" one"; CREATE ROLE keeper; CREATE ROLE "odd "" one";
      ALTER DATABASE shop OWNER TO keeper; COMMENT ON DATABASE shop IS 'what''s sold';
      ALTER DATABASE shop SET search_path TO "$user", public, "a, b"; ALTER DATABASE shop SET work_mem TO '7MB';
      ALTER DATABASE shop SET shop.words TO 'it''s "x", y'; ALTER ROLE keeper IN DATABASE shop SET statement_timeout TO '5s';
      REVOKE ALL ON DATABASE shop FROM PUBLIC; GRANT CONNECT ON DATABASE shop TO "odd "" one" WITH GRANT OPTION;
      ALTER DATABASE shop CONNECTION LIMIT 12`,
    );
    const about = () =>
      ask(`SELECT pg_get_userbyid(datdba) AS owner, shobj_description(d.oid, 'pg_database') AS words, datconnlimit, datcollate,
        datacl::text, encoding, (SELECT array_agg(setrole::text || setconfig::text ORDER BY setrole) FROM pg_db_role_setting
        WHERE setdatabase = d.oid) AS settings FROM pg_database AS d WHERE datname = 'shop'`);
    const before = await about();

    const { beside } = await restoredBeside();
    await beside.switchIn(unforced);

    assert.deepEqual(await about(), before);
  });

  test('pg-dump: a role that the server has not is named, and all is as it was', async () => {
    await withOrders();
    await server.run('DROP ROLE IF EXISTS gone; CREATE ROLE gone');
    await server.run('ALTER TABLE orders OWNER TO gone', 'shop');
    const backup = aBackup();
    const taken = await backup.take(context);
    await server.run('ALTER TABLE orders OWNER TO chief; DROP ROLE gone', 'shop');

    const restoring = backup.switching?.restoreBeside(taken.content, 'b1', context);

    await assert.rejects(Promise.resolve(restoring), failsWith('not-switched', /no role gone,/));
    await taken.close();
    assert.deepEqual(await namesThere(), ['shop']);
    assert.deepEqual(
      readdirSync(tmpdir()).filter((name) => name.startsWith('surefoot-pgdump-')),
      [],
    );
  });
});

/** As an application does: the session that is ended is opened anew at once. */
function aClientThatComesAgain(t: TestContext, url: string) {
  const ending = new AbortController();
  const isOver = (): boolean => ending.signal.aborted;
  let sessions = 0;
  const coming = (async () => {
    while (!isOver()) {
      const client = new Client({ connectionString: url, application_name: 'till' });
      const ended = new Promise((resolve) => client.once('end', resolve));
      client.on('error', () => undefined);
      try {
        await client.connect();
        sessions += 1;
        while (!isOver()) await client.query('SELECT 1');
      } catch {
        // Sent away, or not let in yet.
      }
      await client.end().catch(() => undefined);
      await ended;
    }
  })();
  t.after(async () => {
    ending.abort();
    await coming;
  });
  return { sessions: () => sessions };
}
