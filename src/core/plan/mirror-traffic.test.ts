import assert from 'node:assert/strict';
import test from 'node:test';
import {
  aMirrorPolicy,
  aPlan,
  aRolloutPolicy,
  type PlanChanges,
} from '../../../test/support/plan-builder.ts';
import type { Plan } from './plan.ts';

const mirrored = (changes: PlanChanges = {}): Plan =>
  aPlan({ rollout: aRolloutPolicy({ mirror: aMirrorPolicy() }), ...changes });

test('copies come before the first share, and after the candidate was probed', () => {
  const ids = mirrored().steps.map(({ id }) => id);

  const at = ids.indexOf('mirror-traffic');
  assert.deepEqual(ids.slice(at - 1, at + 3), [
    'probe-candidate',
    'mirror-traffic',
    'judge-mirror',
    'shift-10',
  ]);
});

test('the mirror is leased, gives no weight, and is in no other split', () => {
  const plan = mirrored();
  const splits = [...plan.steps, ...plan.revert].flatMap(({ id, action }) =>
    action.kind === 'apply-split' ? [{ id, split: action.split }] : [],
  );

  const withMirror = splits.filter(({ split }) => split.lease?.mirror !== undefined);

  assert.deepEqual(
    withMirror.map(({ id }) => id),
    ['mirror-traffic'],
  );
  const [{ split } = { split: null }] = withMirror;
  assert.deepEqual(
    split?.weights.map(({ pool, weight }) => [pool, weight]),
    [
      [plan.services[0].stable?.pool, 100],
      [plan.services[0].candidate.pool, 0],
    ],
  );
  assert.deepEqual(split.lease?.mirror, aMirrorPolicy().rules);
});

test('what a verdict writes, and the way back begins with, is the same, and has no lease and so no mirror', () => {
  const mirror = aMirrorPolicy();
  const beside = aRolloutPolicy({ mirror, compare: ['errors'], baselineInstances: 1 });
  for (const plan of [mirrored(), mirrored({ rollout: beside })]) {
    const judge = plan.steps.find(({ action }) => action.kind === 'judge-mirror')?.action;
    const [zero] = plan.revert;

    assert.ok(judge?.kind === 'judge-mirror' && zero?.action.kind === 'apply-split');
    assert.equal(judge.onRollback.lease, null);
    assert.deepEqual(zero.action.split, judge.onRollback);
  }
});

test('blue-green is mirrored to before its one switch', () => {
  const strategy = { kind: 'blue-green', proof: 20 } as const;
  const rollout = aRolloutPolicy({ strategy, mirror: aMirrorPolicy() });
  const ids = mirrored({ rollout }).steps.map(({ id }) => id);

  assert.ok(ids.indexOf('judge-mirror') < ids.indexOf('shift-100'));
  assert.ok(ids.includes('mirror-traffic'));
});

test('a first deployment, a repair and a rollback are not mirrored to, and neither is what says nothing', () => {
  const plans = [
    mirrored({ stable: null, inForce: null }),
    mirrored({ kind: 'repair' }),
    mirrored({ kind: 'rollback' }),
    aPlan(),
  ];

  for (const { steps } of plans) {
    assert.ok(steps.every(({ id }) => id !== 'mirror-traffic' && id !== 'judge-mirror'));
  }
});
