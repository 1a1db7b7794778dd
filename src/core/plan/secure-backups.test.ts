import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aPlan } from '../../../test/support/plan-builder.ts';
import { aPlannedValidation } from '../../../test/support/validation/a-planned-validation.ts';
import type { PlannedBackup } from '../backup/planned-backup.ts';
import { changesNothing } from './changes-nothing.ts';

const backups: readonly PlannedBackup[] = ['database', 'media'].map((name) => ({
  ...{ name, driver: 'files', ageMs: 3_600_000, partsMin: 1, timeBoxMs: 60_000 },
  configDigest: `sha256:${'0'.repeat(64)}`,
}));

test('what must not be lost is secured behind the checks and before anything is touched', () => {
  const { steps } = aPlan({ backups, validation: aPlannedValidation() });

  assert.deepEqual(
    steps.slice(0, 4).map(({ id, row }) => [id, row]),
    [
      ['validate-release', 'V'],
      ['secure-database', 'P2'],
      ['secure-media', 'P2'],
      ['check-environment', 'P4'],
    ],
  );
  const [, database] = steps;
  assert.equal(database?.title, 'Have a verified backup of database that is no older than 1h');
  assert.equal(database.deadlineMs, 60_000);
  assert.ok(changesNothing(database.action));
});

test('a first deployment is secured, too', () => {
  assert.equal(aPlan({ backups, stable: null, inForce: null }).steps[0]?.id, 'secure-database');
});

test('the way out of trouble waits for no backup', () => {
  for (const kind of ['rollback', 'repair'] as const) {
    const plan = aPlan({ backups, kind });
    const all = [...plan.steps, ...plan.revert].map(({ action }) => action.kind);
    assert.ok(!all.includes('secure-backup'));
    assert.equal(plan.services[0].backups, undefined);
  }
  const reverts = aPlan({ backups }).revert.map(({ action }) => action.kind);
  assert.ok(!reverts.includes('secure-backup'));
});
