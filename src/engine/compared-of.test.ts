import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aPlan, aRolloutPolicy } from '../../test/support/plan-builder.ts';
import { comparedOf } from './compared-of.ts';

const memory = { limit: 512 * 1_024 ** 2, safeLife: 604_800_000 };

test('resources are one more family, with the limits of those that are declared', () => {
  assert.deepEqual(comparedOf({ compare: ['errors'], resources: { memory } }), {
    compare: ['errors', 'resources'],
    gauges: { memory: { limit: memory.limit, safeLifeMs: memory.safeLife } },
  });
});

test('not declared they have no weight from the first second on, and the plan says nothing of them', () => {
  const compared = comparedOf({ compare: ['errors', 'latency'] });
  const [policy] = aPlan({ rollout: aRolloutPolicy(compared) }).steps.flatMap(({ action }) =>
    action.kind === 'judge-traffic' && action.comparison ? [action.comparison] : [],
  );

  assert.deepEqual(compared, { compare: ['errors', 'latency'] });
  assert.deepEqual(policy?.settings.weights, { errors: 0.5, latency: 0.5, resources: 0 });
  assert.equal('gauges' in policy, false);
});

test('declared they have their share of the evidence', () => {
  const compared = comparedOf({ compare: ['errors', 'latency'], resources: { memory } });
  const [policy] = aPlan({ rollout: aRolloutPolicy(compared) }).steps.flatMap(({ action }) =>
    action.kind === 'judge-traffic' && action.comparison ? [action.comparison] : [],
  );

  assert.deepEqual(policy?.settings.weights, { errors: 0.4, latency: 0.4, resources: 0.2 });
  assert.deepEqual(policy.settings.resources.gauges, ['memory']);
});
