import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Scope } from '../model/ids.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlannedBackup } from './planned-backup.ts';
import { scheduledBackups } from './scheduled-backups.ts';

const scope = 'production/shop' as Scope;

const media: PlannedBackup = {
  ...{ name: 'media', driver: 'files', ageMs: 86_400_000, partsMin: 1, timeBoxMs: 60_000 },
  configDigest: 'sha256:1',
};

function aPlan(kind: Plan['kind'], backups?: readonly PlannedBackup[], of: string = scope): Plan {
  return { kind, services: [{ scope: of, ...(backups && { backups }) }] } as unknown as Plan;
}

test('what is taken by the hour may be an hour old, and what only deployments take is never due', () => {
  const hourly = { ...media, everyMs: 3_600_000, isOwn: true as const };
  const { isOwn: _isOwn, ...due } = hourly;

  const found = scheduledBackups([aPlan('deploy', [{ ...media, name: 'db' }, hourly])], scope);

  assert.deepEqual(found, [{ ...due, ageMs: 3_600_000 }]);
});

test('the deploy that was promoted last has the word, whatever was gone back to or repaired behind it', () => {
  const old = aPlan('deploy', [{ ...media, everyMs: 1 }]);
  const now = aPlan('deploy', [{ ...media, everyMs: 2 }]);
  const everyOf = (plans: readonly Plan[]) =>
    scheduledBackups(plans, scope).map(({ everyMs }) => everyMs);

  assert.deepEqual(everyOf([aPlan('rollback'), aPlan('repair'), now, old]), [2]);
  assert.deepEqual(everyOf([aPlan('deploy'), now, old]), []);
  assert.deepEqual(everyOf([aPlan('deploy', [], 'production/web'), now]), [2]);
  assert.deepEqual(everyOf([]), []);
});
