import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  aPlan,
  aServiceInput,
  aPlanInput,
  aRolloutPolicy,
  aStablePool,
} from '../../../test/support/plan-builder.ts';
import { compilePlan } from './compile-plan.ts';
import { compileRestore } from './compile-restore.ts';
import type { Plan, Step } from './plan.ts';

const weightsArbitrary = fc
  .uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 6 })
  .map((weights) => [...weights.sort((left, right) => left - right), 100]);

const stepsOf = (plan: Plan): readonly string[] => plan.steps.map(({ id }) => id);

test('a deployment probes before it shifts, judges each weight, and retires the old release last', () => {
  assert.deepEqual(stepsOf(aPlan()), [
    'check-environment',
    'probe-stable',
    'drill-revert',
    'start-candidate',
    'probe-candidate',
    'shift-10',
    'judge-10',
    'shift-50',
    'judge-50',
    'shift-100',
    'judge-100',
    'settle-candidate',
    'drain-old',
    'confirm-candidate',
    'verify-service',
    'confirm-100',
    'settle-split',
    'retire-old',
    'forget-old',
  ]);
});

test('harm is excluded before all of the traffic, not at each share', () => {
  const rollout = aRolloutPolicy({ compare: ['errors'], excludeHarm: true });
  const judged = aPlan({ rollout }).steps.flatMap(({ id, action }) =>
    action.kind === 'judge-traffic' ? [[id, action.comparison?.mustExcludeHarm ?? null]] : [],
  );
  assert.deepEqual(judged, [
    ['judge-10', false],
    ['judge-50', true],
    ['judge-100', null],
    ['confirm-100', null],
  ]);
});

test('a first deployment is probed but has no traffic to judge and nothing to retire', () => {
  const plan = aPlan({ deployment: 1, stable: null });

  assert.deepEqual(stepsOf(plan), [
    'check-environment',
    'check-balancer',
    'start-candidate',
    'probe-candidate',
    'open-traffic',
    'settle-candidate',
    'confirm-candidate',
    'verify-service',
  ]);
  assert.equal(plan.pointOfNoReturn, null);
});

test('a rollback shifts once and is not judged', () => {
  const steps = stepsOf(aPlan({ kind: 'rollback' }));

  assert.deepEqual(
    steps.filter((id) => id.startsWith('shift') || id.startsWith('judge')),
    ['shift-100'],
  );
});

test('whatever the weights, every shift but the last is leased to the candidate and falls back to stable', () => {
  fc.assert(
    fc.property(weightsArbitrary, (weights) => {
      const plan = aPlan({ rollout: aRolloutPolicy({ weights }) });
      const shifts = plan.steps.filter(({ id }) => id.startsWith('shift-'));

      assert.equal(shifts.length, weights.length);
      for (const { action } of shifts) {
        assert.ok(action.kind === 'apply-split');
        assert.equal(action.split.stable, plan.services[0].stable?.pool);
        assert.equal(action.split.lease?.candidate, plan.services[0].candidate.pool);
        assert.equal(sum(action.split.weights.map(({ weight }) => weight)), 100);
      }
    }),
  );
});

test('whatever the weights, the old pool is named in every split until it is retired', () => {
  fc.assert(
    fc.property(weightsArbitrary, (weights) => {
      const plan = aPlan({ rollout: aRolloutPolicy({ weights }) });
      const retired = plan.steps.findIndex(({ id }) => id === plan.pointOfNoReturn);

      for (const { action } of plan.steps.slice(0, retired)) {
        if (action.kind !== 'apply-split') continue;
        assert.ok(action.split.weights.some(({ pool }) => pool === plan.services[0].stable?.pool));
      }
    }),
  );
});

test('between the last look at the candidate and the end of the old release nothing waits', () => {
  const steps = stepsOf(aPlan());
  const last = steps.indexOf('confirm-100');

  assert.deepEqual(steps.slice(last + 1, last + 3), ['settle-split', 'retire-old']);
  assert.ok(steps.indexOf('drain-old') < steps.indexOf('confirm-candidate'));
});

test('nothing before the point of no return stops or shrinks the old pool', () => {
  const plan = aPlan();
  const retired = plan.steps.findIndex(({ id }) => id === plan.pointOfNoReturn);

  const touching = plan.steps.slice(0, retired).filter(({ action }) => changes(action, plan));
  assert.deepEqual(touching, []);
});

test('the revert begins with taking the candidate to weight 0, without a lease', () => {
  const [first] = aPlan().revert;

  assert.equal(first?.id, 'zero-candidate');
  assert.ok(first.action.kind === 'apply-split');
  assert.equal(first.action.split.lease, null);
  assert.deepEqual(
    first.action.split.weights.map(({ version, weight }) => [version, weight]),
    [
      ['1.0', 100],
      ['2.0', 0],
    ],
  );
});

test('what a judge does on ROLLBACK is what the revert begins with', () => {
  const plan = aPlan();
  const [first] = plan.revert;
  const judges = plan.steps.flatMap(({ action }) =>
    action.kind === 'judge-traffic' ? [action.onRollback] : [],
  );

  assert.ok(first?.action.kind === 'apply-split');
  assert.equal(judges.length, 4);
  for (const split of judges) assert.deepEqual(split, first.action.split);
});

test('step ids are unique over the way there and the way back', () => {
  const plan = aPlan();
  const ids = [...plan.steps, ...plan.revert].map(({ id }) => id);

  assert.equal(new Set(ids).size, ids.length);
});

test('the same input gives the same plan', () => {
  assert.deepEqual(aPlan(), aPlan());
});

test('a release that serves already is refused', () => {
  const stable = aStablePool();
  const compiled = compilePlan(
    aPlanInput({
      stable,
      release: {
        version: stable.release.version,
        artifactDigest: stable.artifact.digest,
        configDigest: stable.release.configDigest,
      },
    }),
  );

  assert.ok(compiled.kind === 'refused');
  assert.equal(compiled.failure.code, 'already-live');
});

test('the serving version with other content is refused: a version names one content', () => {
  const { release } = aServiceInput();
  const compiled = compilePlan(aPlanInput({ release: { ...release, version: '1.0' } }));

  assert.ok(compiled.kind === 'refused');
  assert.match(compiled.failure.message, /another version/);
});

test('the serving version with another configuration is planned', () => {
  const stable = aStablePool();
  const plan = aPlan({
    stable,
    release: {
      version: stable.release.version,
      artifactDigest: stable.artifact.digest,
      configDigest: `sha256:${'e'.repeat(64)}`,
    },
  });

  assert.equal(plan.services[0].release.version, '1.0');
});

test('steps too short to see a hung request before promotion are refused', () => {
  const limits = { ...aRolloutPolicy().limits, holdMs: 1_000 };
  const compiled = compilePlan(aPlanInput({ rollout: aRolloutPolicy({ limits }) }));

  assert.ok(compiled.kind === 'refused');
  assert.match(compiled.failure.message, /holdFor/);
});

test('a release that would move the address of its service is refused', () => {
  const { balancer } = aPlanInput().services[0];
  for (const listen of [
    { host: '127.0.0.1', port: 8090 },
    { host: '0.0.0.0', port: 8080 },
  ]) {
    const compiled = compilePlan(aPlanInput({ balancer: { ...balancer, listen } }));

    assert.ok(compiled.kind === 'refused');
    assert.equal(compiled.failure.code, 'config-invalid');
    assert.match(compiled.failure.message, /^web serves on 127\.0\.0\.1:8080; moving .* Keep it/);
  }
});

test('a first deployment may take any address', () => {
  const { balancer } = aPlanInput().services[0];
  const listen = { host: '127.0.0.1', port: 8090 };

  const plan = aPlan({ stable: null, balancer: { ...balancer, listen } });

  assert.equal(plan.services[0].balancer.listen.port, 8090);
});

test('a deployment held on its way back is restored by the way back', () => {
  const held = aPlan();
  const restore = compileRestore(held, 'reprobe-stable', 3);

  assert.deepEqual(restore.steps, held.revert);
  assert.deepEqual(restore.services[0].leaves, held.services[0].stable);
  assert.equal(restore.services[0].release.version, '1.0');
});

test('a deployment held while retiring the old release is restored by going on', () => {
  const held = aPlan();
  const restore = compileRestore(held, 'retire-old', 3);

  assert.deepEqual(stepsOf(restore), ['retire-old', 'forget-old']);
  assert.equal(restore.services[0].release.version, '2.0');
});

function changes(action: Step['action'], plan: Plan): boolean {
  if (action.kind === 'stop-pool') return action.pool === plan.services[0].stable?.pool;
  return action.kind === 'ensure-pool' && action.pool.pool === plan.services[0].stable?.pool;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
