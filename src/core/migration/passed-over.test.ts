import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passedOver } from './passed-over.ts';

function saidOf(names: readonly string[], taken: readonly string[] = []): string | null {
  return passedOver({ folder: 'migrations', driver: 'sql', names, taken });
}

test('a folder without a migration is said to hold none', () => {
  for (const names of [[], ['.gitkeep', 'README.md']]) {
    assert.match(saidOf(names) ?? '', /^the folder of migrations migrations holds none: nothing/);
  }
});

test('of files that the driver does not take the first are named', () => {
  assert.match(
    saidOf(['1.SQL', '2.sql.txt', '3_init/', '4.sh', '5.sh']) ?? '',
    /holds none that the driver sql takes, but "1\.SQL", "2\.sql\.txt", "3_init\/" and 2 more: /,
  );
});

test('a file that is passed over among others is told', () => {
  assert.match(
    saidOf(['1.sql', '2.SQL'], ['1.sql']) ?? '',
    /the driver sql passes over "2\.SQL": .*belongs elsewhere/,
  );
});

test('nothing is said where all is taken, or is plainly no migration', () => {
  assert.equal(saidOf(['.keep', '1.sql', 'README', 'old/'], ['1.sql']), null);
});
