import assert from 'node:assert/strict';
import { test } from 'node:test';
import { poolIdOf, scopeOf } from '../../../core/model/ids.ts';
import type { PoolSpec } from '../../../core/model/pool.ts';
import { OperationalError } from '../../../core/operational-error.ts';
import { systemClock } from '../../../platform/clock.ts';
import { describeTargetContract } from '../../contract-suites/target.ts';
import { simulatedTarget } from './driver.ts';
import { simulatedTargetOf } from './simulated-target.ts';
import { crashSimulated, createSimulatedWorld } from './simulated-world.ts';

function aSpec(deployment: number, change: Partial<PoolSpec> = {}): PoolSpec {
  return {
    pool: poolIdOf('test', 'web', deployment),
    scope: scopeOf('test', 'web'),
    release: { version: `${deployment}.0`, configDigest: 'c' },
    artifact: { path: '/nowhere', digest: `sha256:${'0'.repeat(64)}` },
    command: ['run'],
    environment: {},
    instances: 2,
    startTimeoutMs: 30_000,
    restart: 'never',
    ...change,
  };
}

describeTargetContract('simulated', async () => {
  const world = createSimulatedWorld();
  return {
    target: simulatedTargetOf(world, systemClock),
    async spec(deployment, behaviour, change) {
      world.releases.set(`${deployment}.0`, behaviour);
      return aSpec(deployment, change);
    },
    async damage({ artifact }) {
      world.damaged.add(artifact.digest);
    },
    async kill(instance) {
      crashSimulated(world, instance, new Date(0).toISOString());
    },
  };
});

for (const [lost, found] of [
  ['before', 0],
  ['after', 1],
] as const) {
  test(`a command lost ${lost} it was carried out is unknown, and observing tells`, async () => {
    const world = createSimulatedWorld();
    world.lostCommands.push(lost);
    const target = simulatedTargetOf(world, systemClock);
    const context = { token: { deployment: 1, sequence: 1 }, signal: AbortSignal.timeout(10_000) };

    await assert.rejects(
      target.ensure(aSpec(1), context),
      (error) => error instanceof OperationalError && error.failure.effect === 'unknown',
    );

    assert.equal((await target.observe(scopeOf('test', 'web'), context)).length, found);
    assert.equal((await target.ensure(aSpec(1), context)).instances[1]?.state, 'accepting');
  });
}

test('two connections are two worlds', async () => {
  const config = simulatedTarget.config.parse({ instances: 2 });
  const [left, right] = [1, 2].map(() => simulatedTarget.connect(config, { stateDirectory: '/' }));
  const context = { token: { deployment: 1, sequence: 1 }, signal: AbortSignal.timeout(10_000) };

  await left!.ensure(aSpec(1), context);

  assert.deepEqual(await right!.observe(scopeOf('test', 'web'), context), []);
});
