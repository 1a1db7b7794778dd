import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFailingCallers } from './failing-callers.ts';

const SECOND_NS = 1_000_000_000n;

test('all failures of a caller within ten seconds of the first are one', () => {
  const callers = createFailingCallers();
  assert.equal(callers.isFirst('ada', 0n), true);
  assert.equal(callers.isFirst('ada', 9n * SECOND_NS), false);
  assert.equal(callers.isFirst('ada', 10n * SECOND_NS), true);
  assert.equal(callers.isFirst('ada', 19n * SECOND_NS), false);
});

test('a failing crowd is remembered up to a limit, and every failure beyond it counts', () => {
  const callers = createFailingCallers();
  for (let caller = 0; caller < 10_000; caller += 1) callers.isFirst(caller, 0n);
  assert.equal(callers.isFirst('late', 1n), true);
  assert.equal(callers.isFirst('late', 2n), true);
  assert.equal(callers.isFirst(0, 3n), false);
  callers.forget(10n * SECOND_NS);
  callers.isFirst('late', 10n * SECOND_NS);
  assert.equal(callers.isFirst('late', 11n * SECOND_NS), false);
});

test('another caller is another one', () => {
  const callers = createFailingCallers();
  assert.equal(callers.isFirst('ada', 0n), true);
  assert.equal(callers.isFirst('grace', 0n), true);
});

test('a caller whose time is over is forgotten, whoever else still fails', () => {
  const callers = createFailingCallers();
  callers.isFirst('ada', 0n);
  callers.isFirst('grace', 5n * SECOND_NS);
  assert.equal(callers.isFirst('grace', 12n * SECOND_NS), false);
  assert.equal(callers.isFirst('ada', 12n * SECOND_NS), true);
});
