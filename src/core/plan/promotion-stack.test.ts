import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aPlan } from '../../../test/support/plan-builder.ts';
import { scopeOf, type PoolId } from '../model/ids.ts';
import { compileRestore } from './compile-restore.ts';
import { promotionStack } from './promotion-stack.ts';
import type { Plan, PlannedPool } from './plan.ts';

const WEB = scopeOf('production', 'web');

interface Ended {
  readonly status: string;
  readonly plan: Plan;
}

/** In the order in which they happened, as `deploy 2.0`, `rollback 1.0` or `reverted 3.0`. */
function history(...texts: readonly string[]): readonly Ended[] {
  const ended: Ended[] = [];
  for (const [index, text] of texts.entries()) {
    const [verb, version = ''] = text.split(' ');
    ended.push({
      status: verb === 'reverted' || verb === 'held' ? verb : 'promoted',
      plan: aPlan({
        deployment: index + 1,
        kind: verb === 'rollback' ? 'rollback' : 'deploy',
        release: { version, artifactDigest: `sha256:${version}`, configDigest: 'sha256:c' },
        stable: servingAfter(ended),
      }),
    });
  }
  return ended.toReversed();
}

function servingAfter(ended: readonly Ended[]): PlannedPool | null {
  return ended.findLast(({ status }) => status === 'promoted')?.plan.services[0].leaves ?? null;
}

function restored(ended: readonly Ended[], heldAt: string): readonly Ended[] {
  const [held] = ended;
  assert.ok(held);
  const plan = compileRestore(held.plan, heldAt, ended.length + 1);
  return [{ status: 'promoted', plan }, ...ended];
}

function before(ended: readonly Ended[]): readonly [version: string, pool: PoolId] | null {
  const service = promotionStack(ended, WEB).under?.service;
  return service ? [service.release.version, service.candidate.pool] : null;
}

test('a rollback returns to the release that was promoted before', () => {
  assert.deepEqual(before(history('deploy 1.0', 'deploy 2.0')), ['1.0', 'production.web.1']);
  assert.equal(before(history('deploy 1.0')), null);
  assert.equal(before([]), null);
});

test('a release that a rollback left is not returned to by the next one', () => {
  assert.equal(before(history('deploy 1.0', 'deploy 2.0', 'rollback 1.0')), null);
});

test('rollbacks in a row go further back each time', () => {
  const three = ['deploy 1.0', 'deploy 2.0', 'deploy 3.0'] as const;

  assert.equal(before(history(...three))?.[0], '2.0');
  assert.equal(before(history(...three, 'rollback 2.0'))?.[0], '1.0');
  assert.equal(before(history(...three, 'rollback 2.0', 'rollback 1.0')), null);
});

test('after a rollback a new release falls back to what was rolled back to', () => {
  const ended = history('deploy 1.0', 'deploy 2.0', 'rollback 1.0', 'deploy 2.1');

  assert.deepEqual(before(ended), ['1.0', 'production.web.3']);
});

test('deployments that were reverted count for nothing', () => {
  assert.equal(before(history('deploy 1.0', 'deploy 2.0', 'reverted 3.0'))?.[0], '1.0');
});

test('a restore that went back is walked past', () => {
  const ended = restored(history('deploy 1.0', 'deploy 2.0', 'held 3.0'), 'reprobe-stable');

  assert.equal(before(ended)?.[0], '1.0');
});

test('a restore that went on stands for the deployment that it ended', () => {
  const deployed = history('deploy 1.0', 'deploy 2.0', 'held 3.0');
  assert.equal(before(restored(deployed, 'retire-old'))?.[0], '2.0');

  const [rollback, ...others] = history('deploy 1.0', 'deploy 2.0', 'rollback 1.0');
  assert.ok(rollback);
  assert.equal(before(restored([{ ...rollback, status: 'held' }, ...others], 'retire-old')), null);
});
