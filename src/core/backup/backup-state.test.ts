import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backupState } from './backup-state.ts';

const HOUR_MS = 3_600_000;
const NOON_MS = Date.parse('2026-11-28T12:00:00Z');

function stateAfter(ageMs: number, isPassed: boolean | null = true): string {
  const verification = isPassed === null ? null : { isPassed };
  return backupState(
    { takenAtMs: NOON_MS - ageMs, verification },
    { nowMs: NOON_MS, ageMaxMs: 24 * HOUR_MS },
  );
}

test('what nobody has restored is only taken, and what failed stays failed', () => {
  assert.equal(stateAfter(0, null), 'TAKEN');
  assert.equal(stateAfter(30 * HOUR_MS, null), 'TAKEN');
  assert.equal(stateAfter(30 * HOUR_MS, false), 'FAILED');
});

test('a verified one is worth something until what it holds is too old', () => {
  assert.equal(stateAfter(24 * HOUR_MS), 'VERIFIED');
  assert.equal(stateAfter(24 * HOUR_MS + 1), 'STALE');
});

test('one of the future is not relied on', () => {
  assert.equal(stateAfter(-1), 'STALE');
});
