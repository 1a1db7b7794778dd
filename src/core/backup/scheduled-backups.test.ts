import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlannedBackup } from './planned-backup.ts';
import { scheduledBackups } from './scheduled-backups.ts';

const media: PlannedBackup = {
  ...{ name: 'media', driver: 'files', ageMs: 86_400_000, partsMin: 1, timeBoxMs: 60_000 },
  configDigest: 'sha256:1',
};

test('what is taken by the hour may be an hour old, and what only deployments take is never due', () => {
  const hourly = { ...media, everyMs: 3_600_000 };

  const found = scheduledBackups({
    backups: [
      { ...media, name: 'db' },
      { ...hourly, isOwn: true },
    ],
  });

  assert.deepEqual(found, [{ ...hourly, ageMs: 3_600_000 }]);
  assert.deepEqual(scheduledBackups({}), []);
});
