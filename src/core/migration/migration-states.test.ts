import assert from 'node:assert/strict';
import { test } from 'node:test';
import { migrationStates } from './migration-states.ts';
import type { SortableMigration } from './sort-migrations.ts';

function aFile(
  name: string,
  migrationClass: SortableMigration['migrationClass'] = 'expand',
): SortableMigration {
  return {
    ...{ name, digest: name, migrationClass, isTransaction: true, dangers: [], questions: [] },
  };
}

test('each migration has one state, from its file and from the database', () => {
  const applied = (name: string, changes = {}) => ({
    ...{ name, digest: name, isFinished: true },
    ...changes,
  });

  const states = migrationStates({
    files: [
      ...[aFile('1'), aFile('2'), aFile('3'), aFile('4')],
      ...[aFile('5', 'contract'), aFile('6', 'unknown'), aFile('7', 'contract')],
    ],
    applied: [
      ...[applied('0'), applied('1'), applied('2', { digest: 'x' })],
      ...[applied('3', { isFinished: false }), applied('7')],
    ],
  });

  assert.deepEqual(
    states.map(({ name, state }) => [name, state]),
    [
      ['0', 'WITHOUT_FILE'],
      ['1', 'APPLIED'],
      ['2', 'EDITED'],
      ['3', 'BROKEN_OFF'],
      ['4', 'DUE'],
      ['5', 'WAITS'],
      ['6', 'OPEN'],
      ['7', 'APPLIED'],
    ],
  );
});
