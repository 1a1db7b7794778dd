import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testPostgres, testStore } from '../../test/support/store/test-postgres.ts';
import { until } from '../../test/support/until.ts';
import { systemClock } from '../platform/clock.ts';
import { AUDIT_CHANNEL } from '../store/audit-store.ts';
import { REQUEST_CHANNEL } from '../store/operator-request-store.ts';
import { listenForRequests } from './request-signals.ts';

test('what people ask and what is recorded is told at once', async (t) => {
  const postgres = await testPostgres(t);
  const { connectionString, sql } = await testStore(t, postgres);
  const signals = listenForRequests({ connectionString, clock: systemClock });
  t.after(() => signals.close());
  const told = { seven: 0, eight: 0, audit: [] as (number | null)[] };
  const stopSeven = signals.onRequest(7, () => (told.seven += 1));
  signals.onRequest(8, () => (told.eight += 1));
  signals.onAudit((deployment) => told.audit.push(deployment));
  const reset = (): void => void Object.assign(told, { seven: 0, eight: 0, audit: [] });
  const notify = (channel: string, payload: string) =>
    sql(`select pg_notify('${channel}', '${payload}')`);

  await t.test('everybody looks once when the first connection listens', async () => {
    await until('all were told', () => told.seven === 1 && told.eight === 1);
    assert.deepEqual(told.audit, [null]);
  });

  await t.test(
    'a request is told to who waits for its deployment, and to nobody else',
    async () => {
      reset();
      await notify(REQUEST_CHANNEL, '8');
      await until('it was told', () => told.eight === 1);
      assert.deepEqual(told, { seven: 0, eight: 1, audit: [] });
    },
  );

  await t.test('a new audit entry is told with its deployment, or without one', async () => {
    reset();
    await notify(AUDIT_CHANNEL, '7');
    await notify(AUDIT_CHANNEL, '');
    await until('both were told', () => told.audit.length === 2);
    assert.deepEqual(told, { seven: 0, eight: 0, audit: [7, null] });
  });

  await t.test(
    'behind a lost connection everybody looks again, for what came meanwhile',
    async () => {
      reset();
      await sql(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'surefoot-listen'`,
      );
      await until('all were told', () => told.seven === 1 && told.eight === 1);
      assert.deepEqual(told.audit, [null]);
      await notify(REQUEST_CHANNEL, '7');
      await until('it listens again', () => told.seven === 2);
    },
  );

  await t.test('who has stopped is told no more', async () => {
    reset();
    stopSeven();
    await notify(REQUEST_CHANNEL, '7');
    await notify(REQUEST_CHANNEL, '8');
    // In the order in which they were sent.
    await until('the later was told', () => told.eight === 1);
    assert.equal(told.seven, 0);
  });
});
