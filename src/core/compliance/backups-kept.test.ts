import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backupsAutomated, backupsVerified, type BackupShown } from './backups-kept.ts';

const HOUR_MS = 3_600_000;

function aShown(changes: Partial<NonNullable<BackupShown['newest']>> = {}): BackupShown {
  const newest = { id: 'b1', state: 'VERIFIED', ageMs: HOUR_MS, ...changes } as const;
  return { name: 'media', everyMs: HOUR_MS, newest };
}

const none: BackupShown = { ...aShown(), name: 'database', newest: null };

test('backups are verified when the newest of each that is declared is', () => {
  assert.deepEqual(backupsVerified([aShown()]), {
    ...{ state: 'holds', observed: 'media: b1 is VERIFIED, 1 h old' },
  });
  for (const state of ['STALE', 'TAKEN', 'FAILED', 'UNREADABLE'] as const) {
    assert.equal(backupsVerified([aShown({ state })]).state, 'broken', state);
  }
  assert.deepEqual(backupsVerified([aShown(), none]), {
    ...{ state: 'broken', observed: 'database: none is kept' },
  });
});

test('they are automated when each says how often, and none was missed', () => {
  assert.equal(backupsAutomated([aShown({ ageMs: 2 * HOUR_MS })]).state, 'holds');
  const missed = backupsAutomated([aShown({ ageMs: 2 * HOUR_MS + 1, state: 'STALE' })]);
  assert.equal(missed.state, 'broken');
  const ofTheFuture = aShown({ ageMs: -1, state: 'STALE' });
  for (const wrong of [
    ...[none, { ...aShown(), everyMs: null }],
    ...[aShown({ state: 'FAILED' }), ofTheFuture],
  ]) {
    assert.equal(backupsAutomated([aShown(), wrong]).state, 'broken');
  }
});

test('where nothing is declared nothing is shown', () => {
  for (const judge of [backupsVerified, backupsAutomated]) {
    assert.deepEqual(judge([]), { state: 'broken', observed: 'no backup is declared' });
  }
});
