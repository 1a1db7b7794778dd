import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashOptions } from './crash-options.ts';
import { crashPlans } from './crash-plans.ts';
import { WrongOption } from './wrong-option.ts';

const names = { forward: ['start-candidate', 'shift-20'], revert: ['stop-candidate'] };

test('a step that no plan has is refused with those that it has', () => {
  const options = crashOptions(['--steps', 'shift-20,shift-10']);

  assert.throws(
    () => crashPlans(names, options),
    (error) =>
      error instanceof WrongOption &&
      error.message ===
        '--steps takes all, or some of start-candidate, shift-20, stop-candidate; not "shift-10"',
  );
});

test('a victim that is none is refused with those that are', () => {
  assert.throws(
    () => crashOptions(['--victims', 'foo']),
    (error) => error instanceof WrongOption && error.message.includes('server, host'),
  );
});

test('every victim is killed at every step that was asked for', () => {
  const plans = crashPlans(
    names,
    crashOptions(['--victims', 'server,edge', '--steps', 'shift-20']),
  );

  assert.deepEqual(
    plans.map(({ victim, step }) => [victim, step]),
    [
      ['server', 'shift-20'],
      ['edge', 'shift-20'],
    ],
  );
});
