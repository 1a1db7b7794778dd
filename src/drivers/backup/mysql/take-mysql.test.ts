import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { aMariadbShop, mariadbIsMissing } from '../../../../test/support/mariadb-shop.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { compareContents, type ContentPart } from '../../../core/backup/content.ts';
import { OperationalError } from '../../../core/operational-error.ts';
import { mariadbAddress } from '../../../platform/mariadb-address.ts';
import { openMariadb } from '../../../platform/open-mariadb.ts';
import { wholeOf } from '../../contract-suites/backup-content.ts';
import type { Taken } from '../../contract.ts';

const context = { signal: new AbortController().signal };
const DUMP = '/usr/bin/mariadb-dump';

describe('mysql, taken', { skip: mariadbIsMissing }, () => {
  const { server, aBackup, withOrders, leftovers } = aMariadbShop();

  test('mysql: what a dump would lack is refused with its place and a way out', async () => {
    const refused: readonly (readonly [readonly string[], RegExp])[] = [
      [
        ['CREATE TABLE log (a int) ENGINE=MyISAM'],
        /shop\.log is of engine MyISAM.*ALTER TABLE `log`/,
      ],
      [['CREATE TABLE log (a int) ENGINE=Aria'], /shop\.log is of engine Aria/],
      [['CREATE TABLE v (a int) WITH SYSTEM VERSIONING'], /shop\.v keeps the history/],
      [
        [
          'CREATE TABLE f (ok float, bad float)',
          'INSERT INTO f VALUES (1.5, 16777217), (0.1, 0.1)',
        ],
        /shop\.f\.bad has 1 numbers.*Make it DOUBLE/,
      ],
      [
        [
          'CREATE TABLE gone (a int)',
          'CREATE VIEW broken AS SELECT a FROM gone',
          'DROP TABLE gone',
        ],
        /View shop\.broken cannot be read.*Mend it, or drop it/,
      ],
    ];
    const before = await leftovers();
    for (const [queries, says] of refused) {
      await withOrders();
      await server.run('shop', ...queries);
      await assert.rejects(aBackup().take(context), failsWith('backup-unverifiable', says));
    }
    const own = aBackup(server.url('mysql')).take(context);
    await assert.rejects(own, failsWith('backup-unverifiable', /"mysql" is the server's own/));
    assert.deepEqual(await leftovers(), before);
  });

  test('mysql: who may not see all of it gets an error, and what is said to be missing is enough', async () => {
    await withOrders();
    await server.run('shop', 'CREATE PROCEDURE fill() SELECT 1');
    await server.run(
      '',
      "CREATE OR REPLACE USER clerk@localhost IDENTIFIED BY 'pass \"#\\\\ word'",
    );
    await server.run('', 'GRANT SELECT ON shop.orders TO clerk@localhost');
    const url = new URL(server.url('shop'));
    url.username = 'clerk';
    url.password = encodeURIComponent('pass "#\\ word');
    const taking = aBackup(url.toString()).take(context);

    const said: unknown = await taking.catch((error: unknown) => error);
    assert.ok(said instanceof OperationalError);
    assert.equal(said.failure.code, 'backup-unverifiable');
    const grants = [...said.failure.message.matchAll(/GRANT .*? TO /g)].map(([grant]) => grant);
    assert.equal(grants.length, 3);
    await server.run('', ...grants.map((grant) => `${grant} clerk@localhost`));

    const parts = await partsOf(await aBackup(url.toString()).take(context));
    assert.deepEqual(compareContents(parts, await partsOf(await aBackup().take(context))), []);
    assert.equal(sizeOf(parts, 'shop.orders'), 1_000);
  });

  test('mysql: a dump that fails, is killed, cut off or of what was altered meanwhile is none', async (t) => {
    await withOrders();
    const alter = `mariadb --no-defaults --socket="${server.socket()}" --user=root shop -e 'ALTER TABLE orders ADD late int'`;
    const ends = [
      ['echo half; echo "no more room" >&2; exit 1', /mariadb-dump ended with 1:\nno more room/],
      ['echo half; kill -9 $$', /mariadb-dump was killed by SIGKILL/],
      [`${DUMP} "$@" | head -c 3000`, /has not written its last line/],
      [`${DUMP} "$@"; ${alter}`, /altered while it was taken: shop: definition of table orders/],
    ] as const;
    for (const [script, says] of ends) {
      const before = await leftovers();
      const taking = aBackup(server.url('shop'), programsThat(t, script)).take(context);
      await assert.rejects(taking, failsWith('backup-unverifiable', says));
      assert.deepEqual(await leftovers(), before);
    }
    await server.run('shop', "INSERT INTO orders (what) VALUES ('nobody is held off')");
  });

  test('mysql: the password is in a file that nobody else reads', async (t) => {
    await withOrders();
    await server.run('', "CREATE OR REPLACE USER teller@localhost IDENTIFIED BY 'very secret'");
    await server.run('', 'GRANT ALL ON *.* TO teller@localhost');
    const seen = join(temporaryFolder(t), 'seen');
    const look =
      'f="${1#--defaults-file=}"; stat -c %a "$f"; grep password "$f"; echo "$0 $*"; env';
    const url = new URL(server.url('shop'));
    url.username = 'teller';
    url.password = 'very secret';
    const programs = programsThat(t, `{ ${look}; } >"${seen}"; exit 1`);

    await assert.rejects(
      aBackup(url.toString(), programs).take(context),
      failsWith('backup-unverifiable', /^(?!.*very secret)/s),
    );

    const [mode, password, ...rest] = readFileSync(seen, 'utf8').split('\n');
    assert.equal(mode, '600');
    assert.equal(password, 'password="very secret"');
    assert.match(rest.join('\n'), /--single-transaction/);
    assert.doesNotMatch(rest.join('\n'), /very|teller/);
  });

  test('mysql: programs that are missing or of another version are named', async (t) => {
    await withOrders();
    const says = /needs MariaDB 10\.11's mariadb-dump/;
    for (const programs of [temporaryFolder(t), programsThat(t, 'exit 0', '10.6')]) {
      const taking = aBackup(server.url('shop'), programs).take(context);
      await assert.rejects(taking, failsWith('backup-unverifiable', says));
    }
  });

  test('mysql: whoever waits for an answer is let go when he is told to', async () => {
    const ending = new AbortController();
    const session = await openMariadb(mariadbAddress(server.url('')), ending.signal);
    const said = assert.rejects(session.ask('SELECT SLEEP(600)'), /too late/);
    ending.abort(new Error('too late'));

    await said;
    await session.end();
  });

  test('mysql: it ends when it is told to, though it waits for a lock', async (t) => {
    await withOrders();
    const blocker = await server.session('shop');
    t.after(() => blocker.end());
    await blocker.ask('LOCK TABLES orders WRITE');
    const before = await leftovers();
    const ending = new AbortController();
    const said = assert.rejects(aBackup().take({ signal: ending.signal }), /too late/);
    const look = await server.session();
    t.after(() => look.end());
    const waiting =
      "SELECT 1 FROM information_schema.PROCESSLIST WHERE STATE LIKE 'Waiting for%lock'";
    while ((await look.ask(waiting)).length === 0);
    ending.abort(new Error('too late'));

    await said;
    assert.deepEqual(await leftovers(), before);
  });

  // The last, as there is no server afterwards.
  test('mysql: a server that goes away in the middle is an error that says so', async (t) => {
    await withOrders();
    const before = await leftovers();
    const script = `echo "-- Setting savepoint..." >&2; kill -9 $(cat "${server.pidFile()}"); exec sleep 600`;
    const taking = aBackup(server.url('shop'), programsThat(t, script)).take(context);

    await assert.rejects(taking, failsWith('backup-unverifiable', /server is gone/));
    await assert.rejects(aBackup().take(context), failsWith('database-unreachable'));
    assert.deepEqual(await leftovers(), before);
  });
});

function programsThat(t: TestContext, script: string, series = '10.11'): string {
  const folder = temporaryFolder(t);
  const says = `mariadb-dump  Ver 10.19 Distrib ${series}.1-MariaDB, for Linux`;
  const version = `case "$*" in *--version*) echo "${says}"; exit 0;; esac`;
  writeFileSync(join(folder, 'mariadb-dump'), `#!/bin/sh\n${version}\n${script}\n`, {
    mode: 0o755,
  });
  return folder;
}

async function partsOf(taken: Taken): Promise<readonly ContentPart[]> {
  return (await wholeOf(taken)).parts;
}

function sizeOf(parts: readonly ContentPart[], wanted: string): number | undefined {
  return parts.find(({ name }) => name === wanted)?.size;
}
