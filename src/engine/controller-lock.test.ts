import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { databaseLink } from '../../test/support/store/database-link.ts';
import { testPostgres, testStore } from '../../test/support/store/test-postgres.ts';
import { until } from '../../test/support/until.ts';
import { systemClock } from '../platform/clock.ts';
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
      const link = await databaseLink(t, connectionString);
      const cutOff = holdControllerLock({
        connectionString: link.connectionString,
        clock: systemClock,
        onReplaced,
      });
      t.after(() => cutOff.close());
      await cutOff.untilHeld();

      link.cut();

      await until('who is cut off has noticed', () => !cutOff.isHeld());
      const other = hold(t);
      await other.untilHeld();
      link.mend();
      await until('who was cut off is there again', async () => (await backends()).length === 2);
      assert.deepEqual([cutOff.isHeld(), other.isHeld()], [false, true]);
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
