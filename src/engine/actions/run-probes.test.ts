import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionUnderTest } from '../../../test/support/engine/an-action-context.ts';
import { aLease, aPool, aRouting } from '../../../test/support/edge/routing-builder.ts';
import { aPlan } from '../../../test/support/plan-builder.ts';
import type { PoolId } from '../../core/model/ids.ts';
import { crashSimulated } from '../../drivers/target/simulated/simulated-world.ts';
import type { ActionResult } from '../action-context.ts';
import { probePool, probeService } from './run-probes.ts';

const { candidate } = aPlan().services[0];
const policy = { consecutive: 3, intervalMs: 1 };

function messageOf(result: ActionResult): string {
  return result.kind === 'failed'
    ? `${result.failure.code}: ${result.failure.message}`
    : result.evidence.summary;
}

test('every instance must pass several times in a row', async () => {
  const { context, run, surroundings } = actionUnderTest();
  await run(candidate);
  let asked = 0;
  // The fifth answer, in the third round, is bad: two rounds are lost.
  surroundings.probe = () => {
    asked += 1;
    return { ok: asked !== 5, observed: 'something' };
  };

  const result = await probePool(context, candidate, policy);

  assert.match(messageOf(result), /^2 probes passed 3 times in a row/);
  assert.equal(asked, 12);
});

test('an instance that is dead is not waited for until the deadline', async () => {
  const { context, run, surroundings } = actionUnderTest();
  await run(candidate);
  surroundings.probe = () => {
    const [instance] = surroundings.target.pools.get(candidate.pool)?.instances ?? [];
    assert.ok(instance);
    crashSimulated(surroundings.target, instance.id, '');
    return { ok: false, observed: 'refused' };
  };

  const result = await probePool(context, candidate, policy);

  assert.match(
    messageOf(result),
    /^instance-exited: Instance production\.web\.2\.0 of release 2\.0 ended by SIGKILL; its last line: ready/,
  );
});

test('an instance of a pool that is restarted is waited for', async () => {
  const { context, run, surroundings } = actionUnderTest();
  const pool = { ...candidate, restart: 'always' } as const;
  await run(pool);
  let failures = 4;
  surroundings.probe = () => ({ ok: failures-- <= 0, observed: 'refused' });

  assert.match(messageOf(await probePool(context, pool, policy)), /passed 3 times in a row/);
});

test('a pool that is not complete is not probed', async () => {
  const { context, surroundings } = actionUnderTest();
  surroundings.probe = () => assert.fail('nothing may be asked');

  assert.match(
    messageOf(await probePool(context, candidate, policy)),
    /^capacity-missing: Pool production\.web\.2 has 0 of 2 instances/,
  );
});

test('at the deadline the last bad answer is told beside what was expected', async () => {
  const under = actionUnderTest(60);
  under.surroundings.probe = () => ({ ok: false, observed: 'status 503' });

  const result = await probeService(under.context, candidate, policy);

  assert.match(
    messageOf(result),
    /^probe-failed: Probe health of 127\.0\.0\.1:8080: observed status 503; expected .*; \d+ rounds/,
  );
});

test('of a probe that passes now and then it is told how often, and what it observed when it did not', async () => {
  const { context, surroundings } = actionUnderTest(60);
  let asked = 0;
  surroundings.probe = () => {
    asked += 1;
    return { ok: asked % 2 === 0, observed: 'status 503' };
  };

  const result = await probeService(context, candidate, policy);

  const told =
    /^probe-failed: Probe health of 127\.0\.0\.1:8080 passed (\d+) of (\d+) times, at most 1 of the 3 in a row that are needed; last it observed status 503; expected .*; \2 rounds in \d+ ms\.$/;
  const [, passed, rounds] = told.exec(messageOf(result)) ?? [];
  assert.equal(Number(passed), Math.floor(Number(rounds) / 2), messageOf(result));
});

test('of several instances the one is told that was furthest from passing, with what it observed last', async () => {
  const { context, run, surroundings } = actionUnderTest(60);
  await run(candidate);
  const asked = new Map<number, number>();
  surroundings.probe = ({ port }) => {
    const times = (asked.get(port) ?? 0) + 1;
    asked.set(port, times);
    const [first] = asked.keys();
    // One passes nearly always, and fails in the end; the other always fails.
    return port === first
      ? { ok: times < 5, observed: 'status 500' }
      : { ok: false, observed: `status ${times === 1 ? 500 : 503}` };
  };

  const result = await probePool(context, candidate, policy);

  assert.match(messageOf(result), /^probe-failed: Probe health of \S+1: observed status 503;/);
});

test('the service is asked through the balancer, for the release that must answer', async () => {
  const { context, surroundings } = actionUnderTest();
  const subjects = new Set<string>();
  surroundings.probe = ({ host, port, release }) => {
    subjects.add(`${host}:${port} ${release.version}`);
    return { ok: true, observed: 'fine' };
  };

  await probeService(context, candidate, policy);

  assert.deepEqual([...subjects], ['127.0.0.1:8080 2.0']);
});

test('a service whose balancer took the candidate out is not asked until the deadline', async () => {
  const { context, surroundings, run } = actionUnderTest();
  const trip = { connectErrors: 1, serverErrors: 1, timeouts: 1 };
  const lease = aLease(candidate.pool, { ttlMs: 2_000, trip });
  const routing = aRouting({
    scope: context.plan.services[0].scope,
    port: 8080,
    pools: [aPool('production.web.1' as PoolId, 0, [9001]), aPool(candidate.pool, 100, [9002])],
    lease,
  });
  const token = { deployment: 2, sequence: 5 };
  surroundings.balancer.apply(routing, token);
  surroundings.probe = () => {
    surroundings.balancer.advance(2_001);
    return { ok: false, observed: 'release 1.0' };
  };

  const leased = { ...context, lease: { scope: routing.scope, token, ttlMs: 2_000 } };
  const result = await probeService(leased, candidate, policy);

  assert.match(messageOf(result), /^lease-lost: /);
  assert.ok(result.kind === 'failed' && result.zeroAtNs);
  // Its instances are not asked any longer either.
  await run(candidate);
  assert.match(messageOf(await probePool(leased, candidate, policy)), /^lease-lost: /);
});
