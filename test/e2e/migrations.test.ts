/** A column more under load, and migrations that must not get through: one loses rows, one old code cannot live with. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { migrationTrials } from '../../tools/migrate/migration-trials.ts';
import { runTrials } from '../../tools/migrate/run-trials.ts';

const LOCK_SECONDS = 1;
const TRIED = ['a column more', 'it loses rows', 'old code cannot live with it', 'nobody can tell'];

test('what a migration would break is found before it is applied, and clients notice nothing', async () => {
  const trials = migrationTrials(LOCK_SECONDS).filter(({ name }) => TRIED.includes(name));
  assert.equal(trials.length, TRIED.length);

  const end = await runTrials(trials, { blocked: '5s', say: () => undefined });

  assert.deepEqual(
    end.ends.map(({ name, wrong }) => [name, wrong]),
    TRIED.map((name) => [name, []]),
  );
  for (const { requests, clientErrors } of end.ends) {
    assert.ok(requests > 0);
    assert.equal(clientErrors, 0);
  }
  assert.ok(end.isNothingLost);
});
