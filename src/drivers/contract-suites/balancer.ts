/** What every balancer driver must show. Called in the driver's own test file. */
import assert from 'node:assert/strict';
import type { FailureCode } from '../../core/failures.ts';
import type { FencingToken } from '../../core/model/fencing-token.ts';
import { countOf } from '../../core/model/histogram.ts';
import type { PoolId, Scope } from '../../core/model/ids.ts';
import type { Routing } from '../../core/model/routing.ts';
import type { TrafficSample } from '../../core/model/traffic-sample.ts';
import { OperationalError } from '../../core/operational-error.ts';
import type { Balancer } from '../contract.ts';
import { assertShare } from './assert-share.ts';
import { checkInWorld } from './check-in-world.ts';

/** A balancer that routes nothing yet, with two pools that answer every request with 200. */
export interface BalancerWorld {
  readonly balancer: Balancer;
  readonly scope: Scope;
  readonly stable: PoolId;
  readonly candidate: PoolId;
  /** Both pools with endpoints, no lease, the stable pool with all the weight. */
  readonly routing: Routing;
  /** Lets the balancer's clock go on. */
  passTime(ms: number): Promise<void>;
  /** Clients send requests that are safe to repeat, one after the other; their statuses. */
  send(count: number): Promise<readonly number[]>;
  /** From now on the candidate answers every request with 500. */
  breakCandidate(): void;
  /** The next command is carried out, but its answer never arrives. */
  loseNextAnswer(): void;
  close(): Promise<void>;
}

const LEASE_MS = 10_000;

export function describeBalancerContract(
  name: string,
  createWorld: () => Promise<BalancerWorld>,
): void {
  const check = checkInWorld(name, createWorld);

  check('a scope that was never routed is observed as null and has no samples', async (world) => {
    assert.equal(await observe(world), null);
    assert.deepEqual(await samples(world), []);
  });

  check('what was applied is what is observed', async (world) => {
    const applied = await apply(world, split(world, 30), at(1, 1));

    const observed = await observe(world);
    assert.ok(observed);
    assert.deepEqual(observed.routing, split(world, 30));
    assert.deepEqual(observed.token, at(1, 1));
    assert.deepEqual(observed.weights, { [world.stable]: 70, [world.candidate]: 30 });
    assert.equal(observed.fallback, null);
    assert.equal(observed.inForceSinceNs, applied.inForceSinceNs);
    assert.ok((observed.leaseRemainingMs ?? 0) > 0);
  });

  check('a routing without a lease has no time remaining', async (world) => {
    assert.equal((await apply(world, world.routing, at(1, 1))).leaseRemainingMs, null);
  });

  check('applying twice is applying once', async (world) => {
    const once = await apply(world, split(world, 30), at(1, 1));
    await world.passTime(1_000);

    const twice = await apply(world, split(world, 30), at(1, 1));

    assert.equal(twice.inForceSinceNs, once.inForceSinceNs);
    assert.ok((twice.leaseRemainingMs ?? 0) <= (once.leaseRemainingMs ?? 0) - 1_000);
  });

  check('a lower token is fenced off, by deployment and by sequence', async (world) => {
    await apply(world, split(world, 30), at(2, 5));

    await failsWith('token-fenced', apply(world, world.routing, at(2, 4)));
    await failsWith('token-fenced', apply(world, world.routing, at(1, 99)));

    assert.deepEqual((await observe(world))?.weights[world.candidate], 30);
  });

  check('the same token with another routing is a conflict and changes nothing', async (world) => {
    await apply(world, split(world, 30), at(1, 1));

    await failsWith('token-conflict', apply(world, split(world, 31), at(1, 1)));

    assert.equal((await observe(world))?.weights[world.candidate], 30);
  });

  check('a higher token comes into force', async (world) => {
    await apply(world, split(world, 30), at(1, 9));

    const next = await apply(world, split(world, 60), at(2, 1));

    assert.equal(next.weights[world.candidate], 60);
    assert.deepEqual(next.token, at(2, 1));
  });

  check('requests follow the weights and every one is counted once', async (world) => {
    await apply(world, split(world, 25), at(1, 1));

    const statuses = await world.send(100);

    assert.deepEqual(new Set(statuses), new Set([200]));
    const counted = await samples(world);
    const candidates = total(counted, world.candidate, 'requests');
    assertShare(candidates, 100, 25);
    assert.equal(total(counted, world.stable, 'requests'), 100 - candidates);
    assert.equal(total(counted, world.stable, 'clientErrors'), 0);
    const latencies = counted.flatMap((sample) => sample.latency.map(([, count]) => count));
    assert.equal(
      latencies.reduce((sum, count) => sum + count, 0),
      100,
    );
    assert.ok(counted.every((sample) => sample.token.deployment === 1));
  });

  check('samples before the wanted second are left out', async (world) => {
    await apply(world, world.routing, at(1, 1));
    await world.send(1);
    const [sample] = await samples(world);
    assert.ok(sample);

    const later = await samples(world, sample.second + 1);

    assert.equal(later.length, 0);
  });

  check('a pool that is no longer named gets no request', async (world) => {
    await apply(world, split(world, 50), at(1, 1));
    const [onlyStable] = world.routing.pools;
    assert.ok(onlyStable);
    await apply(world, { ...world.routing, pools: [onlyStable] }, at(1, 2));

    await world.send(10);

    assert.equal(total(await samples(world), world.stable, 'requests'), 10);
  });

  check('a lease that is not renewed ends and the stable pool serves all', async (world) => {
    await apply(world, split(world, 50), at(1, 1));
    await world.passTime(LEASE_MS + 1);

    await world.send(10);

    const observed = await observe(world);
    assert.equal(observed?.fallback?.cause, 'lease-lapsed');
    assert.deepEqual(observed.weights, { [world.stable]: 100, [world.candidate]: 0 });
    assert.equal(total(await samples(world), world.candidate, 'requests'), 0);
  });

  check('a renewed lease lasts its full time again', async (world) => {
    await apply(world, split(world, 50), at(1, 1));
    for (let round = 0; round < 3; round += 1) {
      await world.passTime(LEASE_MS * 0.8);
      await renew(world, at(1, 1));
    }

    const observed = await observe(world);
    assert.equal(observed?.fallback, null);
    assert.ok((observed.leaseRemainingMs ?? 0) > LEASE_MS * 0.5);
  });

  check('only the token in force renews', async (world) => {
    await failsWith('lease-lost', renew(world, at(1, 1)));
    await apply(world, split(world, 50), at(1, 2));

    await failsWith('token-fenced', renew(world, at(1, 1)));
    await failsWith('lease-lost', renew(world, at(1, 3)));
  });

  check('an ended lease comes back neither by renewing nor by the same apply', async (world) => {
    await apply(world, split(world, 50), at(1, 1));
    await world.passTime(LEASE_MS + 1);

    await failsWith('lease-lost', renew(world, at(1, 1)));
    const same = await apply(world, split(world, 50), at(1, 1));
    assert.equal(same.weights[world.candidate], 0);
    assert.equal(same.leaseRemainingMs, 0);
  });

  check(
    'an ended lease ends its deployment: only a later one gives weight again',
    async (world) => {
      await apply(world, split(world, 50), at(1, 1));
      await world.passTime(LEASE_MS + 1);

      await failsWith('lease-lost', apply(world, split(world, 100), at(1, 2)));
      assert.equal((await observe(world))?.weights[world.candidate], 0);
      const zero = await apply(world, split(world, 0), at(1, 3));
      assert.equal(zero.fallback, null);
      const next = await apply(world, split(world, 50), at(2, 1));
      assert.equal(next.weights[world.candidate], 50);
    },
  );

  check('a lease without a stable pool has no effect', async (world) => {
    await apply(world, { ...split(world, 50), stable: null }, at(1, 1));
    await world.passTime(LEASE_MS + 1);

    assert.equal((await observe(world))?.weights[world.candidate], 50);
  });

  check('a candidate that reaches a limit trips and costs no safe request', async (world) => {
    await apply(world, split(world, 50, 3), at(1, 1));
    world.breakCandidate();

    const statuses = await world.send(60);

    assert.deepEqual(new Set(statuses), new Set([200]));
    const observed = await observe(world);
    assert.equal(observed?.fallback?.cause, 'tripped');
    assert.equal(observed.fallback.rule, 'serverErrors');
    assert.deepEqual([observed.fallback.observed, observed.fallback.limit], [3, 3]);
    assert.ok(BigInt(observed.fallback.zeroAtNs) >= BigInt(observed.fallback.decidedAtNs));
    const counted = await samples(world);
    assert.equal(total(counted, world.candidate, 'serverErrors'), 3);
    assert.equal(total(counted, world.candidate, 'rescued'), 3);
    const callers = total(counted, world.candidate, 'failedCallers');
    assert.ok(callers >= 1 && callers <= 3, `${callers} callers met 3 failures`);
    for (const { slice, requests, failedCallers } of counted) {
      assert.ok(slice.requests <= requests && slice.failedCallers <= failedCallers);
    }
    assert.equal(timesOf(counted, world.candidate, 'failureLatency'), 3);
    assert.equal(timesOf(counted, world.stable, 'failureLatency'), 0);
    // Three of the sixty were drawn for the candidate.
    assert.equal(total(counted, world.stable, 'requests'), 57);
    await failsWith('lease-lost', renew(world, at(1, 1)));
  });

  check('what may only follow a certain split is refused over any other', async (world) => {
    const over = (expected: FencingToken) =>
      world.balancer.apply(world.routing, {
        token: at(1, 1_000_000),
        over: expected,
        signal: inTime(),
      });
    await failsWith('token-fenced', over(at(1, 1)));
    await apply(world, split(world, 30), at(1, 1));
    await apply(world, split(world, 50), at(1, 2));

    await failsWith('token-fenced', over(at(1, 1)));
    assert.equal((await observe(world))?.weights[world.candidate], 50);

    await over(at(1, 2));
    // Again, as after a lost answer: it is the one in force.
    await over(at(1, 2));
    assert.equal((await observe(world))?.weights[world.candidate], 0);
  });

  check('failures count over all splits of a deployment and anew in the next', async (world) => {
    world.breakCandidate();
    await apply(world, split(world, 100, 3), at(1, 1));
    await world.send(2);
    await apply(world, split(world, 100, 3), at(1, 2));
    assert.equal((await observe(world))?.fallback, null);
    await world.send(1);
    assert.equal((await observe(world))?.fallback?.cause, 'tripped');

    await apply(world, split(world, 100, 3), at(2, 1));
    await world.send(2);

    assert.equal((await observe(world))?.fallback, null);
  });

  check('a lost answer is an unknown effect, and observing tells', async (world) => {
    world.loseNextAnswer();

    const error = await failureOf(apply(world, split(world, 30), at(1, 1)));

    assert.equal(error.failure.code, 'agent-unreachable');
    assert.equal(error.failure.effect, 'unknown');
    assert.equal((await observe(world))?.weights[world.candidate], 30);
    assert.equal((await apply(world, split(world, 30), at(1, 1))).weights[world.candidate], 30);
  });

  check('a verb that was aborted before it began has no effect', async (world) => {
    const error = await failureOf(
      world.balancer.apply(world.routing, { token: at(1, 1), signal: AbortSignal.abort() }),
    );

    assert.equal(error.failure.code, 'agent-unreachable');
    assert.equal(error.failure.effect, 'none');
    assert.equal(await observe(world), null);
  });

  check('a routing that cannot be is refused with the field that is wrong', async (world) => {
    const [first, second] = world.routing.pools;
    assert.ok(first && second);
    const wrong: readonly [Routing, RegExp][] = [
      [{ ...world.routing, pools: [{ ...first, weight: 99 }, second] }, /pools: .*99/],
      [{ ...world.routing, pools: [{ ...first, weight: 100.5 }, second] }, /pools\[0\]\.weight/],
      [{ ...world.routing, pools: [{ ...first, weight: -1 }, second] }, /pools\[0\]\.weight/],
      [{ ...world.routing, pools: [{ ...first, endpoints: [] }, second] }, /pools\[0\]\.endpoints/],
      [{ ...world.routing, pools: [first, first] }, /pools/],
      [{ ...world.routing, stable: 'other' as PoolId }, /stable/],
      [{ ...world.routing, scope: '' as Scope }, /scope/],
      [{ ...world.routing, listen: { host: '127.0.0.1', port: 70_000 } }, /listen\.port/],
      [{ ...world.routing, listen: { host: 'here', port: 8080 } }, /listen\.host/],
      [{ ...world.routing, requestTimeoutMs: 0 }, /requestTimeoutMs/],
      [withLease(world.routing, world.stable, 3), /lease\.candidate/],
      [withLease(world.routing, 'other' as PoolId, 3), /lease\.candidate/],
    ];

    for (const [routing, field] of wrong) {
      const error = await failureOf(apply(world, routing, at(1, 1)));
      assert.equal(error.failure.code, 'request-invalid');
      assert.equal(error.failure.effect, 'none');
      assert.match(error.failure.message, field);
    }
    assert.equal(await observe(world), null);
  });
}

function at(deployment: number, sequence: number): FencingToken {
  return { deployment, sequence };
}

function split(world: BalancerWorld, weight: number, serverErrors = 1_000): Routing {
  const pools = world.routing.pools.map((routed) => ({
    ...routed,
    weight: routed.pool === world.candidate ? weight : 100 - weight,
  }));
  return withLease({ ...world.routing, pools }, world.candidate, serverErrors);
}

function withLease(routing: Routing, candidate: PoolId, serverErrors: number): Routing {
  const trip = { connectErrors: 1_000, serverErrors, timeouts: 1_000 };
  return { ...routing, lease: { candidate, ttlMs: LEASE_MS, trip } };
}

function inTime(): AbortSignal {
  return AbortSignal.timeout(20_000);
}

function observe(world: BalancerWorld) {
  return world.balancer.observe(world.scope, { signal: inTime() });
}

function apply(world: BalancerWorld, routing: Routing, token: FencingToken) {
  return world.balancer.apply(routing, { token, signal: inTime() });
}

function renew(world: BalancerWorld, token: FencingToken): Promise<void> {
  return world.balancer.renew(world.scope, { token, signal: inTime() });
}

async function samples(world: BalancerWorld, fromSecond = 0): Promise<readonly TrafficSample[]> {
  const report = await world.balancer.samples(world.scope, fromSecond, { signal: inTime() });
  return report.samples;
}

function total(
  counted: readonly TrafficSample[],
  pool: PoolId,
  what: 'requests' | 'serverErrors' | 'failedCallers' | 'rescued' | 'clientErrors',
): number {
  return counted
    .filter((sample) => sample.pool === pool)
    .reduce((sum, sample) => sum + sample[what], 0);
}

function timesOf(
  counted: readonly TrafficSample[],
  pool: PoolId,
  what: 'latency' | 'failureLatency',
): number {
  return counted
    .filter((sample) => sample.pool === pool)
    .reduce((sum, sample) => sum + countOf(sample[what]), 0);
}

async function failureOf(verb: Promise<unknown>): Promise<OperationalError> {
  try {
    await verb;
  } catch (error) {
    assert.ok(error instanceof OperationalError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'The verb was carried out.' });
}

async function failsWith(code: FailureCode, verb: Promise<unknown>): Promise<void> {
  const { failure } = await failureOf(verb);
  assert.equal(failure.code, code);
  assert.equal(failure.effect, 'none');
}
