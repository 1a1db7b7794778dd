import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellBlow } from './blow.ts';
import { crashOptions } from './crash-options.ts';
import { crashPlans } from './crash-plans.ts';
import { wirePoints } from './wire/wire-point.ts';
import { WrongOption } from '../command-line/wrong-option.ts';

const names = {
  forward: ['start-candidate', 'shift-20', 'retire-old'],
  revert: ['stop-candidate', 'verify-state'],
};

test('a step that no plan has is refused with those that it has', () => {
  const options = crashOptions(['--steps', 'shift-20,shift-10']);

  assert.throws(
    () => crashPlans(names, 'kill', options),
    (error) =>
      error instanceof WrongOption &&
      error.message ===
        '--steps takes all, or some of start-candidate, shift-20, retire-old, stop-candidate, verify-state; not "shift-10"',
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
    'kill',
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

test('an instance is struck only where it has a process', () => {
  const stepsOf = (victim: string): readonly string[] =>
    crashPlans(names, 'kill', crashOptions(['--victims', victim])).map(({ step }) => step);

  assert.deepEqual(stepsOf('candidate'), [...names.forward, 'stop-candidate']);
  assert.deepEqual(stepsOf('stable'), ['start-candidate', 'shift-20', ...names.revert]);
});

test('over four seeds a freeze is short and long, at and after every step', () => {
  const seen = [1, 2, 3, 4].map((seed) => {
    const options = crashOptions(['--victims', 'edge', '--steps', 'shift-20']);
    const [plan] = crashPlans(names, 'freeze', { ...options, seed });
    return `${plan?.moment} ${plan?.blow.kind === 'freeze' ? plan.blow.forMs : 'kill'}`;
  });

  assert.deepEqual(seen.sort(), [
    'CommandIssued 1500',
    'CommandIssued 8500',
    'CommandSucceeded 1500',
    'CommandSucceeded 8500',
  ]);
});

test('on the wires a sample strikes at one point of each step, and all strike at every one', () => {
  const pointsOf = (points: string, steps: string): readonly string[] =>
    crashPlans(names, 'wire', crashOptions(['--points', points, '--steps', steps])).map(
      ({ step, blow }) => `${step} ${tellBlow(blow)}`,
    );

  const sample = pointsOf('sample', 'shift-20,retire-old');
  const all = pointsOf('all', 'shift-20');

  assert.deepEqual(
    sample.map((point) => point.split(' ')[0]),
    ['shift-20', 'retire-old'],
  );
  assert.equal(new Set(all).size, wirePoints.length);
});

test('where a step calls no agent, none of its points lies at a call', () => {
  const forward = [...names.forward, 'verify-service'];
  const options = crashOptions(['--points', 'all', '--steps', 'verify-service']);

  const plans = crashPlans({ ...names, forward }, 'wire', options);

  assert.ok(plans.length > 0);
  assert.ok(plans.every(({ blow }) => blow.kind === 'wire' && blow.point.place !== 'verb'));
});
