/** What every balancer driver with the capability `mirror` must show beside the rest. */
import assert from 'node:assert/strict';
import { OperationalError } from '../../core/operational-error.ts';
import type { MirrorReport } from '../../core/mirror/mirror-report.ts';
import type { MirrorRules } from '../../core/mirror/mirror-rules.ts';
import type { FencingToken } from '../../core/model/fencing-token.ts';
import type { Routing } from '../../core/model/routing.ts';
import type { BalancerWorld } from './balancer.ts';
import type { RequestWorld } from './balancer-requests.ts';
import { assertShare } from './assert-share.ts';
import { checkInWorld } from './check-in-world.ts';

const LEASE_MS = 10_000;
const LOOKS_MAX = 500;

const RULES: MirrorRules = {
  percent: 100,
  inFlightMax: 50,
  perSecondMax: 1_000,
  skip: [],
  headers: ['content-type'],
  ignore: [],
};

export function describeMirrorContract(
  name: string,
  createWorld: () => Promise<RequestWorld>,
): void {
  const check = checkInWorld(name, createWorld);

  check('a candidate that is mirrored to is compared and has no traffic', async (world) => {
    await apply(world, mirroring(world), at(1, 1));

    const statuses = await world.send(10);

    assert.deepEqual(new Set(statuses), new Set([200]));
    const mirror = await compared(world, 10);
    assert.deepEqual(mirror.token, at(1, 1));
    assert.deepEqual([mirror.suspected, mirror.proven, mirror.dropped], [0, 0, 0]);
    assert.equal(await requestsOf(world, world.candidate), 0);
    assert.equal(await requestsOf(world, world.stable), 10);
    assert.deepEqual((await observe(world))?.weights, {
      [world.stable]: 100,
      [world.candidate]: 0,
    });
  });

  check('the mirror reads back as it was written', async (world) => {
    const applied = await apply(world, mirroring(world), at(1, 1));

    assert.deepEqual(applied.routing.lease?.mirror, RULES);
    assert.deepEqual((await observe(world))?.routing, mirroring(world));
  });

  check(
    'what it does wrong with copies is found, reaches no client and trips nothing',
    async (world) => {
      world.breakCandidate();
      await apply(world, mirroring(world, {}, 1), at(1, 1));

      const statuses = await world.send(30);

      assert.deepEqual(new Set(statuses), new Set([200]));
      const mirror = await compared(world, 30);
      assert.deepEqual([mirror.suspected, mirror.proven], [30, 30]);
      const [worst] = mirror.places;
      assert.deepEqual([worst?.place, worst?.told], ['status', '500 for 200']);
      assert.deepEqual([worst?.candidateOnly, worst?.stableOnly, worst?.both], [30, 0, 0]);
      assert.equal((await observe(world))?.fallback, null);
      assert.equal(await requestsOf(world, world.candidate), 0);
    },
  );

  check('what may change something is not copied', async (world) => {
    await apply(world, mirroring(world), at(1, 1));

    for (const isUnsafe of [true, false, true]) {
      assert.equal((await world.ask({ isUnsafe })).pool, world.stable);
    }

    await compared(world, 1);
  });

  check('only the wanted share is copied', async (world) => {
    await apply(world, mirroring(world, { percent: 50 }), at(1, 1));

    await world.send(100);

    assertShare(await comparedAtLast(world), 100, 50);
  });

  check('a lease that is not renewed ends its mirror', async (world) => {
    await apply(world, mirroring(world), at(1, 1));
    await world.send(2);
    await compared(world, 2);
    await world.passTime(LEASE_MS + 1);

    await world.send(2);

    assert.equal(await mirrorOf(world), undefined);
    await assert.rejects(
      apply(world, withWeight(mirroring(world), world, 10), at(1, 2)),
      (error) => error instanceof OperationalError && error.failure.code === 'lease-lost',
    );
  });

  check('a mirror whose lease has ended is not begun again by its deployment', async (world) => {
    await apply(world, mirroring(world), at(1, 1));
    await world.passTime(LEASE_MS + 1);

    await assert.rejects(
      apply(world, mirroring(world), at(1, 2)),
      (error) => error instanceof OperationalError && error.failure.code === 'lease-lost',
    );
    await apply(world, mirroring(world), at(2, 1));
    await world.send(2);
    await compared(world, 2);
  });

  check('another routing has another mirror, or none', async (world) => {
    await apply(world, mirroring(world), at(1, 1));
    await world.send(2);
    await compared(world, 2);

    await apply(world, mirroring(world), at(1, 2));
    assert.equal((await mirrorOf(world))?.compared, 0);
    await apply(world, world.routing, at(1, 3));
    assert.equal(await mirrorOf(world), undefined);
  });

  check('rules that cannot be are refused with the field that is wrong', async (world) => {
    const wrong: readonly [Partial<MirrorRules>, RegExp][] = [
      [{ percent: 0 }, /lease\.mirror\.percent/],
      [{ percent: 101 }, /lease\.mirror\.percent/],
      [{ inFlightMax: 0 }, /lease\.mirror\.inFlightMax/],
      [{ perSecondMax: 0 }, /lease\.mirror\.perSecondMax/],
      [{ headers: [''] }, /lease\.mirror\.headers\[0\]/],
    ];

    for (const [rules, field] of wrong) {
      await assert.rejects(
        apply(world, mirroring(world, rules), at(1, 1)),
        (error) => error instanceof OperationalError && field.test(error.failure.message),
      );
    }
    const noEndpoints = mirroring(world).pools.map((pool) =>
      pool.pool === world.candidate ? { ...pool, endpoints: [] } : pool,
    );
    await assert.rejects(
      apply(world, { ...mirroring(world), pools: noEndpoints }, at(1, 1)),
      (error) =>
        error instanceof OperationalError && error.failure.message.includes('lease.mirror'),
    );
    assert.equal(await observe(world), null);
  });
}

function at(deployment: number, sequence: number): FencingToken {
  return { deployment, sequence };
}

function mirroring(
  { routing, candidate }: BalancerWorld,
  rules: Partial<MirrorRules> = {},
  limit = 1_000,
): Routing {
  const trip = { connectErrors: limit, serverErrors: limit, timeouts: limit };
  return {
    ...routing,
    lease: { candidate, ttlMs: LEASE_MS, trip, mirror: { ...RULES, ...rules } },
  };
}

function withWeight(routing: Routing, { candidate }: BalancerWorld, weight: number): Routing {
  const pools = routing.pools.map((routed) => ({
    ...routed,
    weight: routed.pool === candidate ? weight : 100 - weight,
  }));
  return { ...routing, pools };
}

function inTime(): AbortSignal {
  return AbortSignal.timeout(20_000);
}

function apply({ balancer }: BalancerWorld, routing: Routing, token: FencingToken) {
  return balancer.apply(routing, { token, signal: inTime() });
}

function observe({ balancer, scope }: BalancerWorld) {
  return balancer.observe(scope, { signal: inTime() });
}

async function mirrorOf({ balancer, scope }: BalancerWorld): Promise<MirrorReport | undefined> {
  return (await balancer.samples(scope, 0, { signal: inTime() })).mirror;
}

async function requestsOf({ balancer, scope }: BalancerWorld, pool: string): Promise<number> {
  const { samples } = await balancer.samples(scope, 0, { signal: inTime() });
  return samples
    .filter((sample) => sample.pool === pool)
    .reduce((sum, sample) => sum + sample.requests + sample.abandoned, 0);
}

/** When two looks one after the other see as many, the copies have come back. */
async function comparedAtLast(world: BalancerWorld): Promise<number> {
  let before = 0;
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const now = (await mirrorOf(world))?.compared ?? 0;
    if (now > 0 && now === before) return now;
    before = now;
  }
  throw new assert.AssertionError({ message: 'Nothing was compared, or there was no end of it.' });
}

/** Copies come behind the answers of clients: it takes a few looks until all of them have ended. */
async function compared(world: BalancerWorld, count: number): Promise<MirrorReport> {
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const mirror = await mirrorOf(world);
    if (mirror && mirror.compared >= count) {
      assert.equal(mirror.compared, count);
      return mirror;
    }
  }
  throw new assert.AssertionError({ message: `${count} requests were not compared.` });
}
