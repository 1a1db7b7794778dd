import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  aPlan,
  aPlanInput,
  aRolloutPolicy,
  type RolloutChanges,
} from '../../../test/support/plan-builder.ts';
import { compilePlan } from './compile-plan.ts';
import type { Plan } from './plan.ts';

const stepsOf = (plan: Plan): readonly string[] => plan.steps.map(({ id }) => id);

test('each step is judged by its own floors, what comes behind the last by those of the last', () => {
  const steps = [
    { weight: 5, holdMs: 60_000, samplesMin: 500 },
    { weight: 100, holdMs: 2_000, samplesMin: 9 },
  ];
  const plan = aPlan({ rollout: aRolloutPolicy({ strategy: { kind: 'canary', steps } }) });

  assert.deepEqual(floorsOf(plan), [
    ['judge-5', 60_000, 500],
    ['judge-100', 2_000, 9],
    ['confirm-100', 2_000, 9],
  ]);
});

test('blue-green proves the candidate by a longer series of probes, then switches once', () => {
  const plan = aPlan({ rollout: aRolloutPolicy({ strategy: { kind: 'blue-green', proof: 12 } }) });
  const probe = plan.steps.find(({ id }) => id === 'probe-candidate');
  const again = plan.steps.find(({ id }) => id === 'confirm-candidate');

  assert.deepEqual(shiftsOf(plan), ['shift-100', 'judge-100']);
  assert.ok(probe?.action.kind === 'probe-pool' && again?.action.kind === 'probe-pool');
  assert.equal(probe.action.policy.consecutive, 12);
  assert.equal(probe.deadlineMs, 120_000);
  assert.equal(again.action.policy.consecutive, 3);
});

test('a proof that is shorter than any probing is none', () => {
  const plan = aPlan({ rollout: aRolloutPolicy({ strategy: { kind: 'blue-green', proof: 1 } }) });
  const probe = plan.steps.find(({ id }) => id === 'probe-candidate');

  assert.ok(probe?.action.kind === 'probe-pool');
  assert.deepEqual([probe.action.policy.consecutive, probe.deadlineMs], [3, 30_000]);
});

const oneByOne = { kind: 'rolling', batch: { instances: 1 } } as const;

/** One by one over so many instances. */
function aRollingPlan(instances: number, changes: RolloutChanges = {}): Plan {
  const { pool } = aPlanInput().services[0];
  return aPlan({
    pool: { ...pool, instances },
    rollout: aRolloutPolicy({ strategy: oneByOne, ...changes }),
  });
}

test('rolling starts and probes a batch before its share rises, and judges it before the next', () => {
  const ids = stepsOf(aRollingPlan(3));

  assert.deepEqual(ids.slice(ids.indexOf('start-candidate'), ids.indexOf('settle-candidate')), [
    ...['start-candidate', 'probe-candidate', 'shift-33', 'judge-33'],
    ...['grow-2', 'probe-2', 'shift-66', 'judge-66'],
    ...['grow-3', 'probe-3', 'shift-100', 'judge-100'],
  ]);
});

test('every share of a rolling candidate asks for the instances that carry it, and the end for all', () => {
  const { steps } = aRollingPlan(3);
  const due = steps.flatMap(({ id, action }) =>
    action.kind === 'apply-split'
      ? (action.whole ?? []).map(({ instances }) => [id, instances])
      : [],
  );
  const settle = steps.find(({ id }) => id === 'settle-candidate');

  assert.deepEqual(due, [
    ['shift-33', 1],
    ['shift-66', 2],
    ['shift-100', 3],
  ]);
  assert.ok(settle?.action.kind === 'ensure-pool');
  assert.equal(settle.action.pool.instances, 3);
});

test('what each batch warms up with is left out of the comparison, on top of what came before', () => {
  const { steps } = aRollingPlan(3, { compare: ['latency'], warmUpResponses: 100 });
  const leftOut = steps.flatMap(({ action }) =>
    action.kind === 'judge-traffic' && action.comparison ? [action.comparison.warmUpResponses] : [],
  );

  assert.deepEqual(leftOut, [100, 300]);
});

test('a rollback starts all of it at once, whatever the strategy', () => {
  const plan = aPlan({ kind: 'rollback', rollout: aRolloutPolicy({ strategy: oneByOne }) });
  const start = plan.steps.find(({ id }) => id === 'start-candidate');

  assert.deepEqual(shiftsOf(plan), ['shift-100']);
  assert.ok(start?.action.kind === 'ensure-pool');
  assert.equal(start.action.pool.instances, 2);
});

test('a first deployment starts all of it at once, whatever the strategy', () => {
  const { pool } = aPlanInput().services[0];
  const rollout = aRolloutPolicy({ strategy: oneByOne });

  const plan = aPlan({ deployment: 1, stable: null, rollout, pool: { ...pool, instances: 1 } });

  assert.ok(!stepsOf(plan).some((id) => id.startsWith('grow')));
});

test('batches that do not fit the pool are refused', () => {
  const rollout = aRolloutPolicy({ strategy: { kind: 'rolling', batch: { instances: 9 } } });
  const compiled = compilePlan(aPlanInput({ rollout }));

  assert.ok(compiled.kind === 'refused');
  assert.equal(compiled.failure.code, 'config-invalid');
  assert.match(compiled.failure.message, /batch of 9 is larger/);
});

test('an old release that is kept warm is kept behind the last gate, before anything is settled', () => {
  const plan = aPlan({ rollout: aRolloutPolicy({ keepOldMs: 600_000 }) });
  const ids = stepsOf(plan);
  const keep = plan.steps.find(({ id }) => id === 'keep-old');

  assert.deepEqual(ids.slice(ids.indexOf('judge-100'), ids.indexOf('judge-100') + 3), [
    'judge-100',
    'keep-old',
    'settle-candidate',
  ]);
  assert.ok(keep?.action.kind === 'judge-traffic');
  assert.equal(keep.action.limits.holdMs, 610_000);
  assert.equal(keep.deadlineMs, 660_000);
  assert.deepEqual(keep.action.onRollback, zeroOf(plan));
});

test('a rollback neither proves nor keeps: it is asked for when time is short', () => {
  const rollout = aRolloutPolicy({
    strategy: { kind: 'blue-green', proof: 50 },
    keepOldMs: 600_000,
  });
  const plan = aPlan({ kind: 'rollback', rollout });
  const probe = plan.steps.find(({ id }) => id === 'probe-candidate');

  assert.ok(!stepsOf(plan).includes('keep-old'));
  assert.ok(probe?.action.kind === 'probe-pool');
  assert.equal(probe.action.policy.consecutive, 3);
});

/** Whom the balancer holds the candidate against, share by share. */
function leasesOf({ steps }: Plan) {
  return steps.flatMap(({ id, action }) =>
    id.startsWith('shift-') && action.kind === 'apply-split' ? [action.split.lease?.against] : [],
  );
}

const withBaseline: RolloutChanges = {
  weights: [10, 50, 100],
  compare: ['errors'],
  baselineInstances: 1,
};

test('a baseline is a fresh pool of the stable release, probed like it, and gets as much as the candidate', () => {
  const plan = aPlan({ rollout: aRolloutPolicy(withBaseline) });
  const { baseline, stable } = plan.services[0];
  const shares = plan.steps.flatMap(({ id, action }) =>
    id.startsWith('shift-') && action.kind === 'apply-split'
      ? [action.split.weights.map(({ weight }) => weight)]
      : [],
  );
  const ids = stepsOf(plan);

  assert.ok(baseline && stable);
  assert.deepEqual(baseline.release, stable.release);
  assert.deepEqual(baseline.artifact, stable.artifact);
  assert.deepEqual(
    [baseline.pool, baseline.instances, baseline.restart],
    ['production.web.2-baseline', 1, 'never'],
  );
  assert.deepEqual(shares, [
    [80, 10, 10],
    [0, 50, 50],
    [0, 100],
  ]);
  assert.ok(ids.indexOf('probe-baseline') < ids.indexOf('shift-10'));
});

test('with a baseline the candidate is compared with it, and no share is written without all of it', () => {
  const plan = aPlan({ rollout: aRolloutPolicy(withBaseline) });
  const against = plan.steps.flatMap(({ action }) =>
    action.kind === 'judge-traffic' && action.comparison ? [action.comparison.against] : [],
  );
  const whole = plan.steps.flatMap(({ action }) =>
    action.kind === 'apply-split' && action.whole ? [action.whole.map(({ pool }) => pool)] : [],
  );

  assert.deepEqual(against, Array(2).fill(plan.services[0].baseline?.pool));
  assert.deepEqual(leasesOf(plan), [...against, undefined], 'as the comparison, so the balancer');
  assert.deepEqual(
    whole,
    Array(3).fill([plan.services[0].candidate.pool, plan.services[0].baseline?.pool]),
  );
});

test('a baseline is gone before the hand-over, and its end is not the point of no return', () => {
  const plan = aPlan({ rollout: aRolloutPolicy(withBaseline) });
  const ids = stepsOf(plan);
  const retire = plan.steps.find(({ id }) => id === 'retire-baseline');

  assert.deepEqual(ids.slice(ids.indexOf('judge-100'), ids.indexOf('drain-old')), [
    'judge-100',
    'drain-baseline',
    'retire-baseline',
    'settle-candidate',
  ]);
  assert.ok(retire?.action.kind === 'stop-pool' && retire.action.onlyIdle);
  assert.equal(plan.pointOfNoReturn, 'retire-old');
});

test('the way back takes the weight of candidate and baseline at once, and ends both', () => {
  const { revert, services } = aPlan({ rollout: aRolloutPolicy(withBaseline) });
  const [{ candidate, baseline }] = services;
  const [first] = revert;

  assert.ok(first?.action.kind === 'apply-split');
  assert.deepEqual(
    first.action.split.weights.map(({ weight }) => weight),
    [100, 0, 0],
  );
  assert.deepEqual(
    revert.flatMap(({ action }) => (action.kind === 'stop-pool' ? [action.pool] : [])),
    [candidate.pool, baseline?.pool],
  );
});

test('repairs, rollbacks and first deployments have no baseline: nothing is relied on', () => {
  const rollout = aRolloutPolicy(withBaseline);

  for (const changes of [
    { kind: 'repair' },
    { kind: 'rollback' },
    { stable: null, inForce: null },
  ] as const) {
    const plan = aPlan({ rollout, ...changes });
    assert.equal(plan.services[0].baseline, undefined);
    assert.ok(stepsOf(plan).every((id) => !id.includes('baseline')));
  }
});

test('a baseline that cannot carry what the candidate gets is refused', () => {
  const rollout = aRolloutPolicy({ ...withBaseline, weights: [60, 100] });
  const compiled = compilePlan(aPlanInput({ rollout }));

  assert.ok(compiled.kind === 'refused');
  assert.match(compiled.failure.message, /^rollout\.baseline: .*keep every weight below 100 at 50/);
});

function shiftsOf(plan: Plan): readonly string[] {
  return stepsOf(plan).filter((id) => id.startsWith('shift') || id.startsWith('judge'));
}

function floorsOf({ steps }: Plan): readonly (readonly [string, number, number])[] {
  return steps.flatMap(({ id, action }) =>
    action.kind === 'judge-traffic'
      ? [[id, action.limits.holdMs, action.limits.samplesMin] as const]
      : [],
  );
}

/** The split that a revert begins with. */
function zeroOf({ revert: [first] }: Plan): unknown {
  return first?.action.kind === 'apply-split' ? first.action.split : null;
}
