import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  FAILURES_IN_ROW,
  HEALTHY,
  healthAfterFailure,
  healthOnTrial,
  isEjected,
  isTrialDue,
  type InstanceHealth,
} from './instance-health.ts';

const SECOND_NS = 1_000_000_000n;
const besideOne = { others: [HEALTHY], mayEmpty: false };

test('several failures in a row eject, one fewer does not', () => {
  const before = failed(FAILURES_IN_ROW - 1, besideOne);

  assert.equal(isEjected(before), false);
  assert.equal(isEjected(healthAfterFailure(before, besideOne, 0n)), true);
});

test('each trial that fails doubles the time, up to half a minute', () => {
  let health = failed(FAILURES_IN_ROW, besideOne);
  const seconds: number[] = [];
  for (let trial = 0; trial < 7; trial += 1) {
    seconds.push(Number(health.ejectedForNs / SECOND_NS));
    const atNs = health.trialAtNs ?? 0n;
    assert.equal(isTrialDue(health, atNs - 1n), false);
    assert.equal(isTrialDue(health, atNs), true);
    health = healthAfterFailure(healthOnTrial(health, atNs), besideOne, atNs);
  }

  assert.deepEqual(seconds, [1, 2, 4, 8, 16, 32, 32]);
});

test('while one trial runs there is no second, until it has come to nothing', () => {
  const ejected = failed(FAILURES_IN_ROW, besideOne);
  const onTrial = healthOnTrial(ejected, SECOND_NS);

  assert.equal(isTrialDue(onTrial, SECOND_NS), false);
  assert.equal(isTrialDue(onTrial, 2n * SECOND_NS), true);
});

test('a pool with another behind it may lose all, also its only instance', () => {
  assert.equal(isEjected(failed(FAILURES_IN_ROW, { others: [], mayEmpty: true })), true);
});

test('of a pool that nobody stands in for at most half is ejected, whatever fails', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.array(fc.tuple(fc.nat(5), fc.boolean()), { maxLength: 120 }),
      (size, outcomes) => {
        const pool = new Array<InstanceHealth>(size).fill(HEALTHY);
        for (const [chosen, isGood] of outcomes) {
          const at = chosen % size;
          const others = pool.filter((_, index) => index !== at);
          pool[at] = isGood
            ? HEALTHY
            : healthAfterFailure(pool[at] ?? HEALTHY, { others, mayEmpty: false }, 0n);

          assert.ok(pool.filter(isEjected).length * 2 <= size);
        }
      },
    ),
  );
});

test('of four the second that fails is ejected, of three it goes on', () => {
  const ejected = failed(FAILURES_IN_ROW, besideOne);
  const beside = (others: readonly InstanceHealth[]) =>
    isEjected(failed(FAILURES_IN_ROW, { others, mayEmpty: false }));

  assert.equal(beside([ejected, HEALTHY, HEALTHY]), true);
  assert.equal(beside([ejected, HEALTHY]), false);
});

test('where all fail nobody is ejected', () => {
  const failing: InstanceHealth = { ...HEALTHY, failuresInRow: 1 };

  assert.equal(isEjected(failed(50, { others: [failing, failing], mayEmpty: false })), false);
});

function failed(times: number, pool: Parameters<typeof healthAfterFailure>[1]): InstanceHealth {
  let health = HEALTHY;
  for (let count = 0; count < times; count += 1) health = healthAfterFailure(health, pool, 0n);
  return health;
}
