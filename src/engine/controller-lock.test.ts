import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { BlockedHolderData } from '../../test/support/engine/blocked-holder.ts';
import { databaseLink } from '../../test/support/store/database-link.ts';
import { testPostgres, testStore } from '../../test/support/store/test-postgres.ts';
import { until } from '../../test/support/until.ts';
import { systemClock, type Clock } from '../platform/clock.ts';
import { ensurePostgres } from '../platform/ensure-postgres.ts';
import { stopPostgres } from '../platform/stop-postgres.ts';
import { holdControllerLock, type DriverLock } from './controller-lock.ts';

test('who holds the lock may drive, and nobody else', async (t) => {
  const postgres = await testPostgres(t);
  const { connectionString, sql } = await testStore(t, postgres);
  const hold = (t: TestContext): DriverLock => {
    const lock = holdControllerLock({ connectionString, clock: systemClock, onReplaced });
    t.after(() => lock.close());
    return lock;
  };
  const onReplaced = () => assert.fail('Nobody else has driven.');
  const backends = () =>
    sql(`select pid from pg_stat_activity where application_name = 'surefoot-lock'`);

  await t.test('of two holders one waits until the other lets go', async (t) => {
    const first = hold(t);
    await first.untilHeld();
    const second = hold(t);
    await until('the second has connected', async () => (await backends()).length === 2);
    assert.deepEqual([first.isHeld(), second.isHeld()], [true, false]);

    await first.close();
    await second.untilHeld();

    assert.deepEqual([first.isHeld(), second.isHeld()], [false, true]);
  });

  await t.test(
    'a broken connection frees the lock, and its holder notices and tries again',
    async (t) => {
      const first = hold(t);
      await first.untilHeld();

      await sql(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'surefoot-lock'`,
      );
      await until('the holder has noticed', () => !first.isHeld());

      await first.untilHeld();
    },
  );

  await t.test(
    'a partition takes the lock from who is cut off and frees it for others',
    async (t) => {
      const { link, cutOff, timesReplaced } = await holdOverLink(t, connectionString);

      link.cut();

      await until('who is cut off has noticed', () => !cutOff.isHeld());
      const other = hold(t);
      await other.untilHeld();
      link.mend();
      await until('who was cut off is told that it was replaced', () => timesReplaced() > 0);
      assert.deepEqual([cutOff.isHeld(), other.isHeld()], [false, true]);
    },
  );

  await t.test('each process that comes to hold it drives in a term of its own', async (t) => {
    const first = hold(t);
    await first.untilHeld();
    const term = first.term()!;
    await first.close();

    const second = hold(t);
    await second.untilHeld();

    assert.equal(second.term(), term + 1);
  });

  await t.test('a holder that nobody has followed goes on in its term', async (t) => {
    const lock = hold(t);
    await lock.untilHeld();
    const term = lock.term();

    await sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'surefoot-lock'`,
    );
    await until('the holder has noticed', () => !lock.isHeld());
    await lock.untilHeld();

    assert.equal(lock.term(), term);
  });

  await t.test(
    'a holder that another one has followed is told, although nobody drives any more',
    async (t) => {
      const { link, cutOff, timesReplaced } = await holdOverLink(t, connectionString);
      link.cut();
      const other = hold(t);
      await other.untilHeld();
      await other.close();

      link.mend();
      await until('it is told', () => timesReplaced() > 0);

      assert.equal(cutOff.isHeld(), false);
    },
  );

  await t.test('who was frozen does not believe for a moment that it still holds it', async (t) => {
    let aheadNs = 0n;
    const clock: Clock = {
      ...systemClock,
      monotonicNs: () => systemClock.monotonicNs() + aheadNs,
    };
    const lock = holdControllerLock({ connectionString, clock, onReplaced });
    t.after(() => lock.close());
    await lock.untilHeld();

    aheadNs = 5_000_000_000n;

    assert.equal(lock.isHeld(), false);
    await lock.untilHeld();
  });

  await t.test(
    'stolen-heartbeat-lock (gbrain 2400): a blocked process loses its session first, and then another gets the lock',
    async (t) => {
      const goOn = new SharedArrayBuffer(4);
      const workerData: BlockedHolderData = { connectionString, goOn };
      const folder = join(import.meta.dirname, '../../test/support/engine');
      const blocked = new Worker(join(folder, 'blocked-holder.ts'), { workerData });
      t.after(() => blocked.terminate());
      await once(blocked, 'message');
      const first = await backends();
      const second = hold(t);

      await second.untilHeld();

      const holders = await sql(`select pid from pg_locks where locktype = 'advisory' and granted`);
      assert.equal(holders.length, 1);
      assert.notDeepEqual(holders, first, 'it was not taken from a session that lives');
      const left = await backends();
      assert.ok(first.every(({ pid }) => left.every((other) => other['pid'] !== pid)));
      const heard: unknown[] = [];
      blocked.on('message', (message) => heard.push(message));
      Atomics.store(new Int32Array(goOn), 0, 1);
      Atomics.notify(new Int32Array(goOn), 0);
      await until('it is told who has followed', () => heard.length > 1);
      assert.deepEqual(heard, ['holds nothing', 'replaced'], 'in its first moment, and for good');
      assert.equal(second.isHeld(), true);
    },
  );
  await t.test('without PostgreSQL nobody holds it; with it somebody does again', async (t) => {
    const lock = hold(t);
    await lock.untilHeld();

    await stopPostgres(postgres.directory);
    await until('the holder has noticed', () => !lock.isHeld());
    await ensurePostgres(postgres.directory);

    await lock.untilHeld();
  });

  await t.test('one that is closed while it waits ends its waiting', async (t) => {
    const first = hold(t);
    await first.untilHeld();
    const second = hold(t);

    await second.close();

    assert.equal(second.isHeld(), false);
  });
});

/** A holder whose way to the database can be cut. */
async function holdOverLink(t: TestContext, connectionString: string) {
  const link = await databaseLink(t, connectionString);
  let replaced = 0;
  const cutOff = holdControllerLock({
    connectionString: link.connectionString,
    clock: systemClock,
    onReplaced: () => (replaced += 1),
  });
  t.after(() => cutOff.close());
  await cutOff.untilHeld();
  return { link, cutOff, timesReplaced: () => replaced };
}
