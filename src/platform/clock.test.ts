import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { systemClock } from './clock.ts';

test('a deadline passes by itself, and says so', async () => {
  const deadline = systemClock.deadline(1);
  // A deadline keeps no process alive; this does.
  const alive = setInterval(() => undefined, 1_000);

  await once(deadline.signal, 'abort');
  clearInterval(alive);

  assert.equal(deadline.hasPassed(), true);
  assert.equal((deadline.signal.reason as Error).name, 'TimeoutError');
});

test('one that was ended has not passed', () => {
  const deadline = systemClock.deadline(60_000);

  deadline.end();

  assert.deepEqual([deadline.signal.aborted, deadline.hasPassed()], [true, false]);
});

test('one that nobody waits for any more leaves its signal as it is', async () => {
  const deadline = systemClock.deadline(1);
  deadline.release();

  await systemClock.sleep(10);

  assert.equal(deadline.signal.aborted, false);
});
