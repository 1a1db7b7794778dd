import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionUnderTest } from '../../../test/support/engine/an-action-context.ts';
import { aStablePool } from '../../../test/support/plan-builder.ts';
import { operationalError } from '../../core/operational-error.ts';
import type { PlannedSplit } from '../../core/plan/plan.ts';
import type { ActionResult } from '../action-context.ts';
import { applySplit } from './apply-split.ts';
import { verifyState } from './verify-state.ts';

const stable = aStablePool();
const split: PlannedSplit = {
  weights: [{ pool: stable.pool, version: '1.0', weight: 100 }],
  stable: stable.pool,
  lease: null,
};
const before = { running: [stable], as: 'whole', split } as const;

function messageOf(result: ActionResult): string {
  return result.kind === 'failed' ? `${result.failure.code}: ${result.failure.message}` : 'ok';
}

test('pools and split as before pass', async () => {
  const { context, run } = actionUnderTest();
  await run(stable);
  await applySplit(context, { split });

  assert.equal(messageOf(await verifyState(context, before)), 'ok');
});

test('a pool that is not as before is a difference', async () => {
  const { context } = actionUnderTest(50);

  assert.match(messageOf(await verifyState(context, before)), /^state-differs: .* does not run/);
});

test('a split that is not as before, or not known at all, is a difference', async () => {
  const { context, run } = actionUnderTest();
  await run(stable);
  assert.match(messageOf(await verifyState(context, before)), /^state-differs: .* does not know/);

  await applySplit(context, { split });
  const closed = { ...before, split: { weights: [], stable: null, lease: null } };

  assert.match(messageOf(await verifyState(context, closed)), /reads back 100 % where 0 % was/);
});

test('a target that is away is looked at again, instead of giving the revert up', async () => {
  const { context, surroundings } = actionUnderTest(50);
  surroundings.atVerb = () => {
    throw operationalError('agent-unreachable', 'Away.');
  };

  assert.match(messageOf(await verifyState(context, before)), /^deadline-passed: /);
});
