import assert from 'node:assert/strict';
import test from 'node:test';
import { aLease, aPool, aRouting } from '../../../test/support/edge/routing-builder.ts';
import { scopeOf, type PoolId } from '../model/ids.ts';
import {
  areRare,
  countAdmission,
  isAdmitted,
  lastWithheldSecond,
  WITHHELD_PER_SAFE,
  type AdmissionCount,
} from './admission.ts';
import { observationOf } from './routing-observation.ts';
import { countFailure, decideApply, type RoutingState } from './routing-state.ts';

const stable = 'test.web.1' as PoolId;
const candidate = 'test.web.2' as PoolId;

test('enough clean answers to safe requests earn it, one fewer does not', () => {
  const almost = counted(aState(), 'cleanAnswers', 4);

  assert.equal(isAdmitted(almost, candidate), false);
  assert.equal(isAdmitted(counted(almost, 'cleanAnswers', 1), candidate), true);
});

test('the stable pool needs none, nor does a candidate without anything to go back to', () => {
  assert.equal(isAdmitted(aState(), stable), true);
  const state = aState();
  const alone = { ...state, routing: { ...state.routing, stable: null } };

  assert.equal(isAdmitted(alone, candidate), true);
});

test('a failure begins it anew, but takes nothing away that was earned', () => {
  const almost = failed(counted(aState(), 'cleanAnswers', 4));
  const earned = failed(counted(aState(), 'cleanAnswers', 5));

  assert.equal(almost.admission.cleanAnswers, 0);
  assert.equal(isAdmitted(earned, candidate), true);
});

test('after a failure it is still known whether requests that change something are rare', () => {
  const isRareAfter = (withheld: number) =>
    areRare(failed(counted(aState(), 'withheld', withheld)).admission);

  assert.deepEqual([1, 2, 3, 9].map(isRareAfter), [true, true, false, false]);
});

test('a service that has hardly a safe request earns it by what was withheld', () => {
  const withheld = counted(aState(), 'withheld', 5 * WITHHELD_PER_SAFE - 1);

  assert.equal(isAdmitted(withheld, candidate), false);
  assert.equal(isAdmitted(counted(withheld, 'withheld', 1), candidate), true);
});

test('what nobody needs to know any more is not counted', () => {
  const earned = counted(aState(), 'cleanAnswers', 5);
  const sent = counted(earned, 'unsafeSent', 1);

  assert.equal(counted(earned, 'cleanAnswers', 1), earned);
  assert.equal(counted(sent, 'unsafeSent', 1), sent);
});

test('it goes on in the same deployment and begins anew in the next', () => {
  const earned = counted(aState(), 'cleanAnswers', 5);
  const after = (deployment: number) => {
    const decision = decideApply(earned, earned.routing, { deployment, sequence: 2 }, 0n);
    assert.ok(decision.kind === 'changed');
    return isAdmitted(decision.state, candidate);
  };

  assert.equal(after(1), true);
  assert.equal(after(2), false);
});

test('requests were withheld until it was admitted, also when that is asked later', () => {
  const lastOf = (state: RoutingState) =>
    lastWithheldSecond(observationOf(state, [], 0n).admission);
  const withheld = counted(aState(), 'withheld', 1, 1_000_000_000n);
  const almost = counted(withheld, 'cleanAnswers', 4, 2_000_000_000n);
  const admitted = counted(almost, 'cleanAnswers', 1, 3_500_000_000n);
  const later = failed(counted(admitted, 'unsafeSent', 1, 9_000_000_000n));

  assert.deepEqual([almost, admitted, later].map(lastOf), [Infinity, 3, 3]);
});

test('none were withheld where there are none, or where nobody kept when that ended', () => {
  const admitted = counted(aState(), 'cleanAnswers', 5, 3_000_000_000n);
  const { admittedAtNs: _, ...kept } = counted(
    counted(aState(), 'withheld', 1),
    'cleanAnswers',
    5,
  ).admission;
  const old = { ...admitted, admission: kept };

  const lastOf = (state: RoutingState) =>
    lastWithheldSecond(observationOf(state, [], 0n).admission);
  for (const state of [aState(), admitted, old]) assert.equal(lastOf(state), -Infinity);
});

function aState(): RoutingState {
  const routing = aRouting({
    scope: scopeOf('test', 'web'),
    port: 8080,
    pools: [aPool(stable, 50, [1]), aPool(candidate, 50, [2])],
    lease: aLease(candidate, { safeFirst: 5 }),
  });
  const decision = decideApply(null, routing, { deployment: 1, sequence: 1 }, 0n);
  assert.ok(decision.kind === 'changed');
  return decision.state;
}

function counted(
  state: RoutingState,
  what: AdmissionCount,
  times: number,
  nowNs = 0n,
): RoutingState {
  let next = state;
  for (let count = 0; count < times; count += 1) {
    next = countAdmission(next, { pool: candidate, deployment: 1, what, nowNs });
  }
  return next;
}

function failed(state: RoutingState): RoutingState {
  return countFailure(state, { pool: candidate, deployment: 1, rule: 'serverErrors' }, 0n);
}
