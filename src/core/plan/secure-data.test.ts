import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aPlannedDatabase, plannedMigrations } from '../../../test/support/planned-database.ts';
import { aPlan } from '../../../test/support/plan-builder.ts';
import type { PlannedBackup } from '../backup/planned-backup.ts';
import { changesNothing } from './changes-nothing.ts';
import type { Plan } from './plan.ts';

const backups: readonly PlannedBackup[] = ['database', 'media'].map((name) => ({
  ...{ name, driver: 'files', ageMs: 3_600_000, partsMin: 1, timeBoxMs: 60_000 },
  configDigest: `sha256:${'0'.repeat(64)}`,
}));
const database = aPlannedDatabase();

function dataSteps({ steps }: Plan): readonly string[] {
  const kinds = ['check-data', 'secure-backup', 'rehearse-migrations', 'apply-migrations'];
  return steps.filter(({ action }) => kinds.includes(action.kind)).map(({ id }) => id);
}

test('migrations are tried on a backup of just now, and applied before the release is there', () => {
  const plan = aPlan({ backups, database });

  assert.deepEqual(dataSteps(plan), [
    ...['check-data-before', 'secure-database', 'secure-media', 'rehearse-migrations'],
    ...['apply-migrations', 'check-data-migrated', 'check-data-after'],
  ]);
  const at = (id: string): number => plan.steps.findIndex((step) => step.id === id);
  assert.ok(at('drill-revert') < at('apply-migrations'));
  assert.ok(at('check-data-migrated') < at('start-candidate'));
  assert.ok(at('check-data-after') < plan.steps.findIndex(({ id }) => id === plan.pointOfNoReturn));
  assert.deepEqual(
    plan.services[0].backups?.map(({ name, isOwn }) => [name, isOwn]),
    [
      ['database', true],
      ['media', undefined],
    ],
  );
});

test('all that looks changes nothing, and what migrates does', () => {
  for (const { action } of aPlan({ backups, database }).steps) {
    if (action.kind === 'rehearse-migrations' || action.kind === 'check-data') {
      assert.ok(changesNothing(action));
    }
    if (action.kind === 'apply-migrations') assert.ok(!changesNothing(action));
  }
});

test('where nothing is to be migrated, what must hold is asked all the same', () => {
  const idle = aPlannedDatabase({ migrations: plannedMigrations({ now: [] }) });

  const plan = aPlan({ backups, database: idle });

  assert.deepEqual(dataSteps(plan), [
    ...['check-data-before', 'secure-database', 'secure-media', 'check-data-after'],
  ]);
  assert.equal(plan.services[0].backups?.[0]?.isOwn, undefined);
});

test('a repair waits for a backup of what it migrates, and for no other', () => {
  const plan = aPlan({ backups, database, kind: 'repair' });

  assert.deepEqual(dataSteps(plan).slice(0, 3), [
    ...['check-data-before', 'secure-database', 'rehearse-migrations'],
  ]);
});

test('a rollback asks nothing of data, and changes none', () => {
  const plan = aPlan({ backups, database, kind: 'rollback' });

  assert.deepEqual(dataSteps(plan), []);
  assert.equal(plan.services[0].database, undefined);
});

test('a first deployment may make its data itself', () => {
  const plan = aPlan({ backups, database, stable: null, inForce: null });

  assert.deepEqual(dataSteps(plan), [
    ...['secure-database', 'secure-media', 'rehearse-migrations'],
    ...['apply-migrations', 'check-data-after'],
  ]);
});

test('behind a revert the data is asked once more', () => {
  assert.equal(aPlan({ database }).revert.at(-1)?.id, 'check-data-reverted');
});
