import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { MARIADB_KINDS } from '../../../../test/support/mariadb-kinds.ts';
import { aMariadbShop, mariadbIsMissing } from '../../../../test/support/mariadb-shop.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { compareContents, type ContentPart } from '../../../core/backup/content.ts';
import { systemClock } from '../../../platform/clock.ts';
import { mariadbAddress } from '../../../platform/mariadb-address.ts';
import { mariadbRows } from '../../../platform/mariadb-content.ts';
import { clearLeftScratch } from '../../../platform/noted-scratch.ts';
import { openMariadb } from '../../../platform/open-mariadb.ts';
import { identifyProcess } from '../../../platform/process-identity.ts';
import { wholeOf } from '../../contract-suites/backup-content.ts';
import { describeBackup } from '../../contract-suites/backup.ts';
import type { Backup, Restored, Taken } from '../../contract.ts';

const context = { signal: new AbortController().signal };

describe('mysql', { skip: mariadbIsMissing }, () => {
  const { server, state, aBackup, withOrders, leftovers } = aMariadbShop();

  describeBackup('mysql', async () => {
    await withOrders();
    const change = (): Promise<void> =>
      server.run('shop', "UPDATE orders SET what = 'changed' WHERE id = 500");
    return { backup: aBackup(), change, leftovers };
  });

  test('mysql: what is counted is what is dumped, however much is written meanwhile', async (t) => {
    await withOrders();
    const writer = await server.session('shop');
    t.after(() => writer.end());
    const writing = new AbortController();
    const written = (async () => {
      let writes = 0;
      while (!writing.signal.aborted) {
        await writer.ask("INSERT INTO orders (what) VALUES ('meanwhile')");
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

  test('mysql: whatever a database can be made of comes back, from a server with other settings too', async (t) => {
    await withOrders();
    await server.run('shop', ...MARIADB_KINDS);
    await server.run(
      '',
      "SET GLOBAL sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'",
    );
    t.after(() => server.run('', "SET GLOBAL sql_mode = ''"));

    const { restored, parts } = await restoredOf(t, aBackup(), await aBackup().take(context));

    assert.deepEqual(compareContents(parts, await restored.parts()), []);
    assert.deepEqual(await restored.faults(), []);
    assert.equal(sizeOf(parts, 'shop.`odd ``. "name"`'), 2);
    assert.equal(sizeOf(parts, 'shop.none'), 0);
    const names = parts.map(({ name }) => name);
    for (const kind of ['view doubled', 'trigger second', 'procedure fill', 'function twice']) {
      assert.ok(names.includes(`shop: definition of ${kind}`), kind);
    }
    for (const kind of ['event nightly', 'sequence numbers', 'package things', 'the database']) {
      assert.ok(names.includes(`shop: definition of ${kind}`), kind);
    }
    await restored.keep();
    const session = await openMariadb(mariadbAddress(restored.address), context.signal);
    t.after(() => session.end());
    await session.ask("INSERT INTO orders (what) VALUES ('next')");
    assert.deepEqual(await session.ask('SELECT MAX(id) AS id FROM orders'), [{ id: '7001' }]);
    assert.deepEqual(await session.ask('SELECT n FROM doubled LIMIT 1'), [{ n: '2' }]);
    assert.deepEqual(await session.ask('SELECT @@innodb_doublewrite AS d'), [{ d: '1' }]);
  });

  test('mysql: each kind of value is told from others, and each definition', async (t) => {
    await withOrders();
    await server.run(
      'shop',
      'CREATE TABLE one (v longblob, f double, d datetime(6), h int INVISIBLE)',
    );
    const session = await server.session('shop');
    t.after(() => session.end());
    const seen = new Set<string | undefined>();
    const values = [
      ...['NULL, NULL, NULL, NULL', "'', NULL, NULL, NULL", "'-', NULL, NULL, NULL"],
      ...[
        'NULL, 1, NULL, NULL',
        "'1', NULL, NULL, NULL",
        'NULL, NULL, NULL, 1',
        "x'00', NULL, NULL, NULL",
      ],
      ...["x'0000', NULL, NULL, NULL", 'NULL, 1.0000000000000002, NULL, NULL'],
      ...["NULL, NULL, '0000-00-00', NULL", "NULL, NULL, '2026-01-01 00:00:00.000001', NULL"],
    ];
    for (const value of values) {
      await session.ask('DELETE FROM one');
      await session.ask(`INSERT INTO one (v, f, d, h) VALUES (${value})`);
      await session.ask('BEGIN');
      seen.add((await mariadbRows(session, 'shop')).find(({ name }) => name === 'shop.one')?.hash);
      await session.ask('COMMIT');
    }
    const first = await partsOf(await aBackup().take(context));
    await server.run(
      'shop',
      'CREATE VIEW late AS SELECT 1 AS one',
      'ALTER TABLE one MODIFY f double NOT NULL DEFAULT 0',
      'ALTER DATABASE shop COLLATE utf8mb4_bin',
      'ALTER TABLE orders AUTO_INCREMENT = 9000',
    );
    const second = await partsOf(await aBackup().take(context));

    assert.equal(seen.size, values.length);
    assert.deepEqual(
      compareContents(first, second).map(({ part }) => part),
      ['table one', 'the database', 'view late']
        .map((object) => `shop: definition of ${object}`)
        .concat('shop.one')
        .sort(),
    );
  });

  test('mysql: what says the wrong thing of itself, is cut off or has more than it should is found', async (t) => {
    await withOrders();
    const dump = await unpacked(await aBackup().take(context));
    const last = dump.text.lastIndexOf('-- Dump completed');
    const ran = join(temporaryFolder(t), 'ran');
    const wrong: readonly (readonly [string, RegExp])[] = [
      [dump.text.slice(0, last), /its last line is missing/],
      [`\\! touch ${ran}\n${dump.text}`, /does not read it: ERROR at line \d+: /],
    ];
    const before = await leftovers();
    for (const [text, says] of wrong) {
      const restoring = aBackup().restore(packed(dump.head, text), context);
      await assert.rejects(restoring, failsWith('backup-damaged', says));
    }
    assert.deepEqual(await leftovers(), before);
    assert.ok(!existsSync(ran));

    const other = 'CREATE DATABASE other; CREATE TABLE other.more (a int);';
    const text = `${other}\n${dump.text.replace("'order 7", "'order 8")}`;
    const restored = await aBackup().restore(packed(dump.head, text), context);
    t.after(() => restored.remove());
    assert.deepEqual(
      compareContents(dump.parts, await restored.parts()).map(({ part }) => part),
      [
        'other.more',
        'other: definition of table more',
        'other: definition of the database',
        'shop.orders',
      ],
    );
  });

  test('mysql: what a run has left that was killed is cleared, with the server', async () => {
    await withOrders();
    const before = await leftovers();
    const taken = await aBackup().take(context);
    const restored = await aBackup().restore(taken.content, context);
    await taken.close();
    const { socketPath } = mariadbAddress(restored.address);
    const pid = Number(readFileSync(join(dirname(String(socketPath)), 'pid'), 'utf8'));
    assert.ok(await identifyProcess(pid));
    const notes = join(state, 'restoring');
    for (const name of readdirSync(notes).filter((one) => one.endsWith('.json'))) {
      const note = JSON.parse(readFileSync(join(notes, name), 'utf8')) as object;
      const owner = { pid: process.pid, startTime: 'of another' };
      writeFileSync(join(notes, name), JSON.stringify({ ...note, owner }));
    }

    assert.deepEqual(await clearLeftScratch(state, systemClock), []);

    assert.deepEqual(await leftovers(), before);
    assert.equal(await identifyProcess(pid), null);
  });
});

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

interface Unpacked {
  readonly head: Buffer;
  readonly text: string;
  readonly parts: readonly ContentPart[];
}

async function unpacked(taken: Taken): Promise<Unpacked> {
  const { content, parts } = await wholeOf(taken);
  const end = content.indexOf('\n') + 1;
  return {
    parts,
    head: content.subarray(0, end),
    text: gunzipSync(content.subarray(end)).toString(),
  };
}

async function* packed(head: Buffer, text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(head);
  yield gzipSync(text);
}

async function partsOf(taken: Taken): Promise<readonly ContentPart[]> {
  return (await wholeOf(taken)).parts;
}

function sizeOf(parts: readonly ContentPart[], wanted: string): number | undefined {
  return parts.find(({ name }) => name === wanted)?.size;
}
