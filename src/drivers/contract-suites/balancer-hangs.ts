/**
 * What every balancer driver must show of requests that nobody answers: they are told, they time out, and a
 * candidate that leaves them waiting has lost its traffic before. Called beside `balancer.ts`.
 */
import assert from 'node:assert/strict';
import type { FencingToken } from '../../core/model/fencing-token.ts';
import type { PoolId } from '../../core/model/ids.ts';
import type { Lease, RoutingObservation } from '../../core/model/routing.ts';
import { OperationalError } from '../../core/operational-error.ts';
import type { AskedRequest } from './balancer-requests.ts';
import type { BalancerWorld } from './balancer.ts';
import { checkInWorld } from './check-in-world.ts';

export interface HangWorld extends BalancerWorld {
  /** From now on the candidate leaves all requests unanswered. */
  hangCandidate(): void;
  /** A client sends one; the answer, and the pool that gave it, when there is one. */
  ask(request: AskedRequest): Promise<{ readonly status: number; readonly pool: PoolId | null }>;
}

const LEASE_MS = 600_000;
const TIMEOUT_MS = 60_000;
const AFTER_MS = 100;
/** What a clock may go on by between two of the balancer's own looks. */
const STEP_MS = 2;
const ASKED_MAX = 20_000;

export function describeBalancerHangs(name: string, createWorld: () => Promise<HangWorld>): void {
  const check = checkInWorld(name, createWorld);

  check('a request that waits is told, and what is in flight with it', async (world) => {
    await apply(world, {}, at(1, 1), 100);
    world.hangCandidate();
    const answer = world.ask({});
    await until(async () => inFlight(await observe(world), world.candidate) === 1);

    await world.passTime(3_000);

    const seen = await observe(world);
    assert.ok((seen.oldestWaitingMs[world.candidate] ?? 0) >= 3_000);
    assert.equal(seen.oldestWaitingMs[world.stable], 0);
    await world.passTime(TIMEOUT_MS);
    assert.equal((await answer).pool, world.stable);
    await until(async () => inFlight(await observe(world), world.candidate) === 0);
    assert.equal(await total(world, 'timeouts'), 1);
    assert.equal(await total(world, 'rescued'), 1);
  });

  check('a candidate that hangs loses its traffic, and no client meets it', async (world) => {
    await apply(world, { hangAfterMs: AFTER_MS });
    world.hangCandidate();

    const answers = await askUntil(world, ({ fallback }) => fallback !== null);

    const { fallback, weights, firstFailures } = await observe(world);
    assert.ok(fallback?.cause === 'tripped' && fallback.rule === 'hangs');
    assert.equal(fallback.afterMs, AFTER_MS);
    assert.ok(fallback.observed >= fallback.limit && fallback.sent >= fallback.observed);
    assert.ok(BigInt(firstFailures.hangs ?? 0) + nsOf(AFTER_MS) < BigInt(fallback.decidedAtNs));
    assert.deepEqual(weights, { [world.stable]: 100, [world.candidate]: 0 });
    const given = await Promise.all(answers);
    assert.deepEqual([...new Set(given.map(({ status }) => status))], [200]);
    assert.deepEqual([...new Set(given.map(({ pool }) => pool))], [world.stable]);
    assert.equal(await total(world, 'timeouts'), 0);
    assert.ok((await total(world, 'rescued')) >= fallback.observed);
  });

  check('traffic that a hang has taken away does not come back', async (world) => {
    await apply(world, { hangAfterMs: AFTER_MS });
    world.hangCandidate();
    await Promise.all(await askUntil(world, ({ fallback }) => fallback !== null));

    await isRefused(world.balancer.renew(world.scope, { token: at(1, 1), signal: inTime() }));
    await isRefused(apply(world, { hangAfterMs: AFTER_MS }, at(1, 2)));

    assert.equal((await world.ask({})).pool, world.stable);
  });

  check('a lease that says nothing of hangs waits for time-outs', async (world) => {
    await apply(world, {});
    world.hangCandidate();
    let looks = 0;

    const answers = await askUntil(world, () => (looks += 1) > LOOKS, LONG_STEP_MS);

    assert.ok(answers.length >= LOOKS);
    assert.equal((await observe(world)).fallback, null);
  });
}

/** So many of them take longer than a hang needs to be found. */
const LOOKS = 20;
const LONG_STEP_MS = 40;

/** Clients ask, two by two; of half of them it is the candidate. What they will be answered. */
async function askUntil(
  world: HangWorld,
  isOver: (seen: RoutingObservation) => boolean,
  stepMs = STEP_MS,
): Promise<readonly ReturnType<HangWorld['ask']>[]> {
  const answers: ReturnType<HangWorld['ask']>[] = [];
  while (!isOver(await observe(world))) {
    assert.ok(answers.length < ASKED_MAX, 'it goes on as if nothing had happened');
    for (const answer of [world.ask({}), world.ask({})]) {
      answers.push(answer);
      // Some of them are answered when the world ends, and by nobody.
      answer.catch(() => undefined);
    }
    await world.passTime(stepMs);
  }
  return answers;
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (let looks = 0; !(await isTrue()); looks += 1) assert.ok(looks < ASKED_MAX, 'it never comes');
}

function inFlight(seen: RoutingObservation, pool: PoolId): number {
  return seen.inFlight[pool] ?? 0;
}

function at(deployment: number, sequence: number): FencingToken {
  return { deployment, sequence };
}

function apply(
  world: HangWorld,
  trip: Partial<Lease['trip']>,
  token = at(1, 1),
  weight = 50,
): Promise<RoutingObservation> {
  const pools = world.routing.pools.map((routed) => ({
    ...routed,
    weight: routed.pool === world.candidate ? weight : 100 - weight,
  }));
  const limits = { connectErrors: 1_000, serverErrors: 1_000, timeouts: 1_000 };
  const lease = { candidate: world.candidate, ttlMs: LEASE_MS, trip: { ...limits, ...trip } };
  const routing = { ...world.routing, pools, lease, requestTimeoutMs: TIMEOUT_MS };
  return world.balancer.apply(routing, { token, signal: inTime() });
}

async function observe(world: HangWorld): Promise<RoutingObservation> {
  const seen = await world.balancer.observe(world.scope, { signal: inTime() });
  assert.ok(seen);
  return seen;
}

/** Of the candidate. */
async function total(world: HangWorld, what: 'timeouts' | 'rescued'): Promise<number> {
  const { samples } = await world.balancer.samples(world.scope, 0, { signal: inTime() });
  return samples
    .filter(({ pool }) => pool === world.candidate)
    .reduce((sum, sample) => sum + sample[what], 0);
}

async function isRefused(verb: Promise<unknown>): Promise<void> {
  await assert.rejects(
    verb,
    (error) => error instanceof OperationalError && error.failure.code === 'lease-lost',
  );
}

function inTime(): AbortSignal {
  return AbortSignal.timeout(20_000);
}

function nsOf(ms: number): bigint {
  return BigInt(ms) * 1_000_000n;
}
