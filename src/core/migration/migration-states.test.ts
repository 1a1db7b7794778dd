import assert from 'node:assert/strict';
import { test } from 'node:test';
import { migrationStates } from './migration-states.ts';
import type { SortableMigration } from './sort-migrations.ts';

function aFile(
  name: string,
  migrationClass: SortableMigration['migrationClass'] = 'expand',
): SortableMigration {
  return {
    ...{ name: `${name}.sql`, recordedAs: name, digest: name, migrationClass },
    ...{ isTransaction: true, dangers: [], questions: [] },
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
      ...[aFile('5', 'contract'), aFile('6', 'unknown'), aFile('7', 'contract'), aFile('8')],
    ],
    applied: [
      ...[applied('0'), applied('1'), applied('2', { digest: 'x' })],
      ...[applied('3', { isFinished: false }), applied('7'), applied('8', { digest: null })],
    ],
  });

  assert.deepEqual(
    states.map(({ name, state }) => [name, state]),
    [
      ['0', 'WITHOUT_FILE'],
      ['1.sql', 'APPLIED'],
      ['2.sql', 'EDITED'],
      ['3.sql', 'BROKEN_OFF'],
      ['4.sql', 'DUE'],
      ['5.sql', 'WAITS'],
      ['6.sql', 'OPEN'],
      ['7.sql', 'APPLIED'],
      ['8.sql', 'TAKEN_OVER'],
    ],
  );
});
