/**
 * What every balancer driver must show of single requests: which pool a client gets, and what becomes
 * of a request that meets trouble. Called in the driver's own test file beside `balancer.ts`.
 */
import assert from 'node:assert/strict';
import type { FencingToken } from '../../core/model/fencing-token.ts';
import { countOf } from '../../core/model/histogram.ts';
import type { InstanceId, PoolId } from '../../core/model/ids.ts';
import type { Lease, Routing, RoutingObservation } from '../../core/model/routing.ts';
import { FAILURES_IN_ROW } from '../../core/routing/instance-health.ts';
import { assertShare } from './assert-share.ts';
import type { BalancerWorld } from './balancer.ts';
import { checkInWorld } from './check-in-world.ts';

export interface RequestWorld extends BalancerWorld {
  /** From now on the instance answers with this status. */
  answerWith(instance: InstanceId, status: number): void;
  /** A client sends one; the answer, and the pool that gave it. */
  ask(request: AskedRequest): Promise<{ readonly status: number; readonly pool: PoolId | null }>;
}

export interface AskedRequest {
  /** What the client brings in the header `x-client`. */
  readonly client?: string;
  /** A POST with a body. */
  readonly isUnsafe?: boolean;
}

const LEASE_MS = 10_000;
const CLIENTS = Array.from({ length: 60 }, (_, index) => `client-${index}`);

export function describeBalancerRequests(
  name: string,
  createWorld: () => Promise<RequestWorld>,
): void {
  const check = checkInWorld(name, createWorld);

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

  check('clients that bring no key are drawn one by one', async (world) => {
    await apply(world, split(world, 25, BY_HEADER), at(1, 1));
    const pools: (PoolId | null)[] = [];
    for (let sent = 0; sent < 100; sent += 1) pools.push((await world.ask({})).pool);

    assertShare(pools.filter((pool) => pool === world.candidate).length, 100, 25);
  });

  check('requests that alternate do not fall into step with the shares', async (world) => {
    await apply(world, split(world, 50, {}), at(1, 1));
    let ofFirstKind = 0;
    for (let pair = 0; pair < 60; pair += 1) {
      if ((await world.ask({})).pool === world.candidate) ofFirstKind += 1;
      await world.ask({});
    }

    assertShare(ofFirstKind, 60, 50);
  });

  check('an unproven candidate gets safe requests first, then others', async (world) => {
    await apply(world, split(world, 100, { safeFirst: 5 }), at(1, 1));
    const unsafe = async () => (await world.ask({ isUnsafe: true })).pool;

    assert.equal(await unsafe(), world.stable);
    await world.send(4);
    assert.equal(await unsafe(), world.stable);
    assert.deepEqual((await observe(world))?.admission, {
      ...{ isAdmitted: false, needed: 5 },
      ...{ cleanAnswers: 4, withheld: 2, unsafeSent: 0 },
    });
    await world.send(1);

    assert.equal(await unsafe(), world.candidate);
    const seen = await observe(world);
    assert.ok(seen?.admission);
    const { isAdmitted, unsafeSent, admittedAtNs } = seen.admission;
    assert.deepEqual([isAdmitted, unsafeSent], [true, 1]);
    assert.ok(BigInt(admittedAtNs ?? 0) >= BigInt(seen.inForceSinceNs), 'it is told since when');
    await world.send(1);
    assert.equal((await observe(world))?.admission?.admittedAtNs, admittedAtNs);
  });

  check('a failure of the candidate begins its proof anew, as does a deployment', async (world) => {
    const [instance] = instancesOf(world, world.candidate);
    assert.ok(instance);
    const unsafe = async () => (await world.ask({ isUnsafe: true })).pool;
    await apply(world, split(world, 100, { safeFirst: 3 }), at(1, 1));
    await world.send(2);
    world.answerWith(instance, 500);
    await world.send(1);
    world.answerWith(instance, 200);
    await world.send(2);
    assert.equal(await unsafe(), world.stable);
    await world.send(1);
    assert.equal(await unsafe(), world.candidate);

    await apply(world, split(world, 100, { safeFirst: 3 }), at(1, 2));
    assert.equal(await unsafe(), world.candidate);
    await apply(world, split(world, 100, { safeFirst: 3 }), at(2, 1));
    assert.equal(await unsafe(), world.stable);
  });

  check('a request that the stable pool takes over is no sample of it', async (world) => {
    await apply(world, split(world, 100, {}), at(1, 1));
    const [next] = instancesOf(world, world.candidate);
    const [old] = instancesOf(world, world.stable);
    assert.ok(next && old);
    world.answerWith(next, 500);
    const good = await world.send(2);
    world.answerWith(old, 500);
    const bad = await world.send(1);

    assert.deepEqual([good, bad], [[200, 200], [500]]);
    const ofCandidate = await countsOf(world, world.candidate);
    assert.deepEqual(ofCandidate, { ...NONE, requests: 3, answers: 3, failures: 3, rescued: 2 });
    assert.deepEqual(await countsOf(world, world.stable), { ...NONE, clientErrors: 1 });
    // It has answered all the same.
    assert.deepEqual(await answeredOf(world), { [world.stable]: [3], [world.candidate]: [3] });
  });

  check('of a pool alone nobody is ejected, whatever it answers', async (world) => {
    const [instance] = instancesOf(world, world.stable);
    assert.ok(instance);
    await apply(world, world.routing, at(1, 1));
    world.answerWith(instance, 500);

    await world.send(3 * FAILURES_IN_ROW);

    assert.deepEqual(await ejected(world), {});
    world.answerWith(instance, 200);
    assert.deepEqual(await world.send(1), [200]);
  });

  check(
    'a candidate that fails several times in a row is ejected towards stable',
    async (world) => {
      await apply(world, split(world, 100, {}), at(1, 1));
      const [instance] = instancesOf(world, world.candidate);
      assert.ok(instance);
      world.answerWith(instance, 500);

      const statuses = await world.send(2 * FAILURES_IN_ROW);

      assert.deepEqual(new Set(statuses), new Set([200]));
      assert.deepEqual(await ejected(world), { [world.candidate]: [instance] });
      assert.equal((await world.ask({})).pool, world.stable);
      assert.equal((await observe(world))?.weights[world.candidate], 100);
    },
  );

  check('after a time one request tries an ejected instance, and brings it back', async (world) => {
    await apply(world, split(world, 100, {}), at(1, 1));
    const [instance] = instancesOf(world, world.candidate);
    assert.ok(instance);
    world.answerWith(instance, 500);
    await world.send(FAILURES_IN_ROW);

    await world.passTime(1_001);
    // It fails its trial, and the next one comes after twice the time.
    assert.deepEqual(await world.send(1), [200]);
    world.answerWith(instance, 200);
    await world.passTime(1_001);
    assert.equal((await world.ask({})).pool, world.stable);
    await world.passTime(1_000);

    assert.equal((await world.ask({})).pool, world.candidate);
    assert.deepEqual(await ejected(world), {});
    assert.equal((await world.ask({})).pool, world.candidate);
  });

  check('what each instance has answered is told of the split in force alone', async (world) => {
    const { stable, candidate } = world;
    await apply(world, split(world, 100, {}), at(1, 1));
    assert.deepEqual(await answeredOf(world), { [stable]: [0], [candidate]: [0] });

    await world.send(3);
    assert.deepEqual(await answeredOf(world), { [stable]: [0], [candidate]: [3] });

    await apply(world, split(world, 50, {}), at(1, 2));
    assert.deepEqual(await answeredOf(world), { [stable]: [0], [candidate]: [0] });
  });
}

/** By pool, how many requests each of its instances has answered. */
async function answeredOf(world: RequestWorld): Promise<Readonly<Record<string, number[]>>> {
  const observed = Object.entries((await observe(world))?.answered ?? {});
  return Object.fromEntries(observed.map(([pool, counts]) => [pool, Object.values(counts)]));
}

const BY_HEADER: Partial<Lease> = { assignment: { by: 'header', name: 'x-client' } };

async function candidateClients(world: RequestWorld): Promise<readonly string[]> {
  const found: string[] = [];
  for (const client of CLIENTS) {
    if ((await world.ask({ client })).pool === world.candidate) found.push(client);
  }
  return found;
}

const NONE = { requests: 0, answers: 0, failures: 0, rescued: 0, clientErrors: 0 };

async function countsOf(world: RequestWorld, pool: PoolId): Promise<typeof NONE> {
  const signal = AbortSignal.timeout(20_000);
  const { samples } = await world.balancer.samples(world.scope, 0, { signal });
  return samples
    .filter((sample) => sample.pool === pool)
    .reduce(
      (sum, sample) => ({
        requests: sum.requests + sample.requests,
        answers: sum.answers + countOf(sample.latency),
        failures: sum.failures + sample.serverErrors,
        rescued: sum.rescued + sample.rescued,
        clientErrors: sum.clientErrors + sample.clientErrors,
      }),
      NONE,
    );
}

function instancesOf(world: RequestWorld, pool: PoolId): readonly InstanceId[] {
  const routed = world.routing.pools.find((each) => each.pool === pool);
  return routed?.endpoints.map(({ instance }) => instance) ?? [];
}

async function ejected(world: RequestWorld): Promise<RoutingObservation['ejected'] | undefined> {
  return (await observe(world))?.ejected;
}

function observe(world: RequestWorld): Promise<RoutingObservation | null> {
  return world.balancer.observe(world.scope, { signal: AbortSignal.timeout(20_000) });
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
