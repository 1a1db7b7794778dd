import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aPlan, aPlanInput } from '../../../test/support/plan-builder.ts';
import type { Plan, Step } from './plan.ts';
import { defaultLimits } from '../model/request-limits.ts';
import { servedWith } from './served-with.ts';

const { balancer, probes } = aPlanInput().services[0];

function timeoutsOf(plan: Plan, steps: readonly Step[]): readonly (readonly [string, number])[] {
  return steps.flatMap(({ id, action }) =>
    action.kind === 'apply-split' || action.kind === 'drill-revert'
      ? [[id, servedWith(plan.services[0], action.split).requestTimeoutMs] as const]
      : [],
  );
}

test('a changed time-out holds while the candidate gets requests, and is taken back with them', () => {
  const plan = aPlan({ inForce: { balancer: { ...balancer, requestTimeoutMs: 9_000 }, probes } });

  assert.deepEqual(timeoutsOf(plan, plan.steps), [
    ['drill-revert', 9_000],
    ['shift-10', 4_000],
    ['shift-50', 4_000],
    ['shift-100', 4_000],
    ['settle-split', 4_000],
    ['forget-old', 4_000],
  ]);
  assert.deepEqual(timeoutsOf(plan, plan.revert), [
    ['zero-candidate', 9_000],
    ['forget-candidate', 9_000],
  ]);
});

test('limits change with the time-out, also from none to some', () => {
  const limits = { ...defaultLimits, bodyBytesMax: 1_024 };
  const inForce = { balancer: { ...balancer, limits: defaultLimits }, probes };
  const limitsOf = (plan: Plan) =>
    plan.steps.flatMap(({ id, action }) =>
      'split' in action && ['drill-revert', 'shift-10'].includes(id)
        ? [servedWith(plan.services[0], action.split).limits?.bodyBytesMax ?? null]
        : [],
    );

  assert.deepEqual(limitsOf(aPlan({ balancer: { ...balancer, limits }, inForce })), [
    defaultLimits.bodyBytesMax,
    1_024,
  ]);
  assert.deepEqual(limitsOf(aPlan({ inForce })), [defaultLimits.bodyBytesMax, null]);
  assert.deepEqual(
    limitsOf(aPlan({ balancer: { ...balancer, limits }, inForce: { balancer, probes } })),
    [null, 1_024],
  );
});

test('a first deployment has one time-out', () => {
  const plan = aPlan({ stable: null, inForce: null });

  const all = [...timeoutsOf(plan, plan.steps), ...timeoutsOf(plan, plan.revert)];
  assert.deepEqual([...new Set(all.map(([, timeoutMs]) => timeoutMs))], [4_000]);
});
