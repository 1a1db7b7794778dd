import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { createSimulatedDatabases, EMPTY_DATABASE } from '../../../platform/simulated-databases.ts';
import { aMigration, context, describeMigration, limits } from '../../contract-suites/migration.ts';
import { simulatedMigrator } from './driver.ts';

const url = 'simulated://live/shop';

describeMigration('simulated', async () => {
  const databases = createSimulatedDatabases({ [url]: EMPTY_DATABASE });
  return {
    migrator: simulatedMigrator(databases),
    url,
    texts: {
      made: 'table notes',
      filled: 'add notes 2',
      wrong: 'table half\ncolumn nowhere x',
      counted: 'add notes 1',
      slow: 'wait',
    },
    rowsOf: (table) =>
      Promise.resolve(databases.contents.get(url)?.tables[table]?.rows.length ?? null),
    // Whoever asks must let others have their turn.
    isBusy: () => new Promise((resolve) => setImmediate(() => resolve(databases.waiting > 0))),
  };
});

test('simulated: what keeps others out is told as a lock', async () => {
  const databases = createSimulatedDatabases({ [url]: EMPTY_DATABASE });
  const text = 'table orders\nkeeps orders 5000';

  const runs = await simulatedMigrator(databases).apply(
    ...([url, [aMigration('1.sql', text)], limits, context] as const),
  );

  const locks = [{ relation: 'orders', mode: 'ACCESS EXCLUSIVE' }];
  assert.deepEqual(runs, [{ name: '1.sql', durationMs: 5_000, locks }]);
});

for (const [text, says] of [
  ['erase everything', /line 1: "erase" is no statement/],
  ['table orders\ntable orders', /line 2: table "orders" is there already/],
  ['table orders\ndrop orders sum', /line 2: there is no column "sum"/],
  ['lose orders 1', /line 1: there is no table "orders"/],
] as const) {
  test(`simulated: ${JSON.stringify(text)} is refused with its place`, async () => {
    const databases = createSimulatedDatabases({ [url]: EMPTY_DATABASE });

    const applied = simulatedMigrator(databases).apply(
      ...([url, [aMigration('1.sql', text)], limits, context] as const),
    );

    await assert.rejects(applied, failsWith('migration-failed', says));
    assert.equal(databases.contents.get(url), EMPTY_DATABASE);
  });
}
