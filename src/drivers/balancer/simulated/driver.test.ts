import assert from 'node:assert/strict';
import test from 'node:test';
import { aPool, aRouting } from '../../../../test/support/edge/routing-builder.ts';
import { countOf, partAbove } from '../../../core/model/histogram.ts';
import { scopeOf, type InstanceId, type PoolId } from '../../../core/model/ids.ts';
import { describeBalancerHangs, type HangWorld } from '../../contract-suites/balancer-hangs.ts';
import { describeMirrorContract } from '../../contract-suites/balancer-mirror.ts';
import { describeBalancerContract } from '../../contract-suites/balancer.ts';
import {
  describeBalancerRequests,
  type RequestWorld,
} from '../../contract-suites/balancer-requests.ts';
import { simulatedBalancer } from './driver.ts';
import type { SimulatedAnswer } from './simulated-answer.ts';
import { createSimulatedBalancerWorld } from './simulated-world.ts';

const scope = scopeOf('test', 'web');
const stable = 'test.web.1' as PoolId;
const candidate = 'test.web.2' as PoolId;
const routing = aRouting({
  scope,
  port: 8080,
  pools: [aPool(stable, 100, [9001]), aPool(candidate, 0, [9002])],
});

describeBalancerContract('simulated', createWorld);
describeMirrorContract('simulated', createWorld);
describeBalancerRequests('simulated', createWorld);
describeBalancerHangs('simulated', createWorld);

async function createWorld(): Promise<RequestWorld & HangWorld> {
  const world = createSimulatedBalancerWorld();
  const statuses = new Map<InstanceId, number>();
  return {
    balancer: simulatedBalancer(world).connect({}, { stateDirectory: '/nowhere' }),
    scope,
    stable,
    candidate,
    routing,
    passTime: async (ms) => world.advance(ms),
    send: async (count) => world.send(scope, count),
    ask: async ({ client, isUnsafe = false }) =>
      world.ask(scope, { isUnsafe, ...(client !== undefined && { key: client }) }),
    answerWith(instance, status) {
      statuses.set(instance, status);
      for (const pool of [stable, candidate]) {
        world.behave(pool, (_request, asked) => answered((asked && statuses.get(asked)) ?? 200));
      }
    },
    breakCandidate: () => world.behave(candidate, () => answered(500)),
    hangCandidate: () => world.behave(candidate, () => ({ kind: 'hangs' })),
    loseNextAnswer: () => world.strike('answer-lost'),
    close: async () => undefined,
  };
}

test('a lost request has no effect and says so', async () => {
  const world = createSimulatedBalancerWorld();
  const balancer = simulatedBalancer(world).connect({}, { stateDirectory: '/nowhere' });
  const context = { signal: new AbortController().signal };
  world.strike('request-lost');

  await assert.rejects(
    balancer.apply(routing, { ...context, token: { deployment: 1, sequence: 1 } }),
    (error: { failure: { code: string; effect: string } }) =>
      error.failure.code === 'agent-unreachable' && error.failure.effect === 'none',
  );

  assert.equal(await balancer.observe(scope, context), null);
});

test('a client that leaves is counted apart from the requests', () => {
  const world = createSimulatedBalancerWorld();
  world.apply(routing, { deployment: 1, sequence: 1 });
  world.behave(stable, (request) =>
    request === 2 ? { kind: 'abandoned', waitedUs: 600_000 } : answered(200),
  );

  assert.deepEqual(world.send(scope, 3), [200, 499, 200]);

  const [sample] = world.report(scope, 0).samples;
  assert.deepEqual([sample?.requests, sample?.abandoned, sample?.clientErrors], [2, 1, 0]);
  assert.equal(countOf(partAbove(sample?.abandonedWaits ?? [], 500_000)), 1);
});

function answered(status: number): SimulatedAnswer {
  return { kind: 'answer', status, latencyUs: 1_000 };
}
