import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failsWith } from '../../../test/support/fails-with.ts';
import { runningPostgres } from '../../../test/support/running-postgres.ts';
import { openPostgres } from '../../platform/open-postgres.ts';
import { checkInvariants } from './check-invariants.ts';

const postgres = runningPostgres();
const { signal } = new AbortController();

test('an invariant is met by true alone, and one that cannot be asked leaves the others alone', async () => {
  const criteria = await checkInvariants(
    postgres.url(),
    [
      { name: 'holds', query: 'SELECT 1 < 2' },
      { name: 'broken', query: 'SELECT 1 > 2' },
      { name: 'no-table', query: 'SELECT true FROM none_such' },
      { name: 'many', query: 'SELECT true FROM generate_series(1, 3)' },
      { name: 'writes', query: 'CREATE TABLE made (id int)' },
      { name: 'holds-still', query: 'SELECT true' },
    ],
    signal,
  );

  assert.deepEqual(
    criteria.map(({ what, observed, state }) => [what, observed, state]),
    [
      ['invariant holds', 'true', 'met'],
      ['invariant broken', 'false', 'unmet'],
      ['invariant no-table', 'relation "none_such" does not exist', 'unmet'],
      ['invariant many', '3 rows', 'unmet'],
      ['invariant writes', 'cannot execute CREATE TABLE in a read-only transaction', 'unmet'],
      ['invariant holds-still', 'true', 'met'],
    ],
  );
});

test('of a session that is lost in the middle no invariant is told as broken', async () => {
  const ends = { name: 'ends', query: 'SELECT pg_terminate_backend(pg_backend_pid())' };

  const asked = checkInvariants(postgres.url(), [ends], signal);

  await assert.rejects(asked, failsWith('database-unreachable', /session .* was lost/));
});

test('who is told to stop waits for no answer', async () => {
  const stop = new AbortController();
  const slow = { name: 'slow', query: 'SELECT pg_sleep(20) IS NULL' };
  const isAsked =
    "SELECT count(*)::int AS busy FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)%' AND state = 'active' AND pid <> pg_backend_pid()";
  const client = await openPostgres(postgres.url());

  const asked = checkInvariants(postgres.url(), [slow], stop.signal);
  const refused = assert.rejects(asked, /enough/);
  for (;;) {
    const { rows } = await client.query<{ busy: number }>(isAsked);
    if (rows[0]?.busy === 1) break;
  }
  stop.abort(new Error('enough'));

  await refused;
  await client.end();
});
