/**
 * What every balancer driver must show of single requests: which pool a client gets, and what becomes
 * of a request that meets trouble. Called in the driver's own test file beside `balancer.ts`.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FencingToken } from '../../core/model/fencing-token.ts';
import type { PoolId } from '../../core/model/ids.ts';
import type { Lease, Routing, RoutingObservation } from '../../core/model/routing.ts';
import type { BalancerWorld } from './balancer.ts';

export interface RequestWorld extends BalancerWorld {
  /** A client sends one; the answer, and the pool that gave it. */
  ask(request: AskedRequest): Promise<{ readonly status: number; readonly pool: PoolId | null }>;
}

export interface AskedRequest {
  /** What the client brings in the header `x-client`. */
  readonly client?: string;
}

const LEASE_MS = 10_000;
const CLIENTS = Array.from({ length: 60 }, (_, index) => `client-${index}`);

export function describeBalancerRequests(
  name: string,
  createWorld: () => Promise<RequestWorld>,
): void {
  const check = (title: string, body: (world: RequestWorld) => Promise<void>) =>
    void test(`${name}: ${title}`, async () => {
      const world = await createWorld();
      try {
        await body(world);
      } finally {
        await world.close();
      }
    });

  check('a client stays with the candidate as the weight rises, by its header', async (world) => {
    await apply(world, split(world, 30, BY_HEADER), at(1, 1));
    const first = await candidateClients(world);
    const again = await candidateClients(world);
    await apply(world, split(world, 60, BY_HEADER), at(1, 2));
    const later = await candidateClients(world);

    assert.deepEqual(again, first);
    assert.ok(first.length > 5 && first.length < 35, `${first.length} of 60 at 30 %`);
    assert.ok(later.length > first.length && later.length < 55, `${later.length} of 60 at 60 %`);
    assert.ok(first.every((client) => later.includes(client)));
  });

  check('another deployment picks other clients', async (world) => {
    await apply(world, split(world, 30, BY_HEADER), at(1, 1));
    const first = await candidateClients(world);

    await apply(world, split(world, 30, BY_HEADER), at(2, 1));

    assert.notDeepEqual(await candidateClients(world), first);
  });

  check(
    'a client of the candidate is on the stable pool once the lease has ended',
    async (world) => {
      await apply(world, split(world, 100, BY_HEADER), at(1, 1));
      assert.equal((await world.ask({ client: 'ada' })).pool, world.candidate);

      await world.passTime(LEASE_MS + 1);

      assert.equal((await world.ask({ client: 'ada' })).pool, world.stable);
    },
  );

  check('clients that bring no key get their exact share', async (world) => {
    await apply(world, split(world, 25, BY_HEADER), at(1, 1));
    const pools: (PoolId | null)[] = [];
    for (let sent = 0; sent < 20; sent += 1) pools.push((await world.ask({})).pool);

    assert.equal(pools.filter((pool) => pool === world.candidate).length, 5);
  });
}

const BY_HEADER: Partial<Lease> = { assignment: { by: 'header', name: 'x-client' } };

async function candidateClients(world: RequestWorld): Promise<readonly string[]> {
  const found: string[] = [];
  for (const client of CLIENTS) {
    if ((await world.ask({ client })).pool === world.candidate) found.push(client);
  }
  return found;
}

function at(deployment: number, sequence: number): FencingToken {
  return { deployment, sequence };
}

function split(world: RequestWorld, weight: number, changes: Partial<Lease>): Routing {
  return {
    ...world.routing,
    pools: world.routing.pools.map((routed) => ({
      ...routed,
      weight: routed.pool === world.candidate ? weight : 100 - weight,
    })),
    lease: {
      candidate: world.candidate,
      ttlMs: LEASE_MS,
      trip: { connectErrors: 1_000, serverErrors: 1_000, timeouts: 1_000 },
      ...changes,
    },
  };
}

function apply(
  world: RequestWorld,
  routing: Routing,
  token: FencingToken,
): Promise<RoutingObservation> {
  return world.balancer.apply(routing, { token, signal: AbortSignal.timeout(20_000) });
}
