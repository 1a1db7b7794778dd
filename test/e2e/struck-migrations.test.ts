/** A deployment with a migration whose server is killed, and whose session is ended, in the middle of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { migrationStrikes } from '../../tools/migrate/migration-strikes.ts';
import { runStrikes } from '../../tools/migrate/run-strikes.ts';

/** All of them: `npm run migrate:newsroom -- --strikes`. */
const STRUCK = [
  'the server is killed while migrations are applied to the copy',
  'the session is ended in which migrations are applied',
];

test('whatever dies while a migration is tried or applied, nothing is lost, changed or left', async () => {
  const strikes = migrationStrikes.filter(({ name }) => STRUCK.includes(name));
  assert.equal(strikes.length, STRUCK.length);

  const end = await runStrikes(strikes, () => undefined);

  assert.deepEqual(
    end.ends.map(({ name, wrong, clientErrors }) => [name, wrong, clientErrors]),
    STRUCK.map((name) => [name, [], 0]),
  );
  assert.ok(end.isNothingLost);
});
