import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  actionUnderTest,
  type ActionUnderTest,
} from '../../../test/support/engine/an-action-context.ts';
import { poolOf, scope } from '../../../test/support/engine/simulated-surroundings.ts';
import { failsWith } from '../../../test/support/fails-with.ts';
import { aLease } from '../../../test/support/edge/routing-builder.ts';
import { aPlan, aStablePool } from '../../../test/support/plan-builder.ts';
import { instanceIdOf } from '../../core/model/ids.ts';
import type { PlannedSplit } from '../../core/plan/plan.ts';
import { crashSimulated } from '../../drivers/target/simulated/simulated-world.ts';
import type { ActionContext } from '../action-context.ts';
import { applySplit, isSplitInForce, resolveRouting } from './apply-split.ts';

const stable = aStablePool();
const candidate = aPlan().services[0].candidate;

const split = (weight: number): PlannedSplit => ({
  weights: [
    { pool: stable.pool, version: '1.0', weight: 100 - weight },
    { pool: candidate.pool, version: '2.0', weight },
  ],
  stable: stable.pool,
  lease: null,
});
const leased: PlannedSplit = {
  ...split(10),
  lease: aLease(candidate.pool, {
    ttlMs: 2_000,
    trip: { connectErrors: 1, serverErrors: 1, timeouts: 1 },
  }),
};
const settled: PlannedSplit = {
  weights: [{ pool: stable.pool, version: '1.0', weight: 100 }],
  stable: stable.pool,
  lease: null,
};

/** With both pools running and the stable one routed. */
async function routed(deadlineMs?: number): Promise<ActionUnderTest> {
  const under = actionUnderTest(deadlineMs);
  await under.run(stable);
  await under.run({ ...candidate, pool: poolOf(2) });
  const token = { deployment: 1, sequence: 1 };
  const routing = await resolveRouting(under.context, settled);
  await under.context.drivers.balancer.apply(routing, { token, signal: under.context.signal });
  under.surroundings.seen.length = 0;
  return under;
}

const verbs = ({ surroundings }: ActionUnderTest) => surroundings.seen.map(({ name }) => name);

test('endpoints of a new pool come from the target', async () => {
  const under = await routed();

  const routing = await resolveRouting(under.context, split(10));

  assert.deepEqual(verbs(under), ['balancer.observe', 'target.observe']);
  assert.deepEqual(
    routing.pools.map(({ weight, endpoints }) => [weight, endpoints.length]),
    [
      [90, 2],
      [10, 2],
    ],
  );
});

test('pools that the balancer knows are not asked for', async () => {
  const under = await routed();

  await resolveRouting(under.context, settled);

  assert.deepEqual(verbs(under), ['balancer.observe']);
});

test('a candidate that never had traffic is not asked for either, to have none', async () => {
  const under = await routed();

  const routing = await resolveRouting(under.context, split(0));

  assert.deepEqual(verbs(under), ['balancer.observe']);
  assert.deepEqual(routing.pools[1]?.endpoints, []);
});

test('a pool without an instance gets no weight', async () => {
  const under = actionUnderTest();

  await assert.rejects(
    resolveRouting(under.context, settled),
    failsWith('capacity-missing', /No instance of pool production\.web\.1/),
  );
});

test('a split is passed as soon as it reads back as written', async () => {
  const under = await routed();

  const result = await applySplit(under.context, { split: split(10) });

  assert.equal(result.kind, 'ok');
  assert.match(result.evidence.summary, /1\.0: 90 %, 2\.0: 10 % on 127\.0\.0\.1:8080, read back/);
  assert.ok(result.evidence.inForceSinceNs);
  assert.equal(await isSplitInForce(under.context, split(10), under.context.command.token), true);
  assert.equal(await isSplitInForce(under.context, split(20), under.context.command.token), false);
  assert.equal(
    await isSplitInForce(under.context, split(10), { deployment: 2, sequence: 9 }),
    false,
  );
});

test('a candidate gets its share only while all of its instances are there', async () => {
  const under = await routed();
  const { target, balancer } = under.surroundings;
  crashSimulated(target, instanceIdOf(candidate.pool, 0), '');

  const result = await applySplit(under.context, { split: leased, whole: [candidate] });

  assert.ok(result.kind === 'failed');
  assert.deepEqual([result.failure.code, result.failure.effect], ['instance-exited', 'none']);
  assert.deepEqual(balancer.observe(scope)?.weights, { [stable.pool]: 100 });
});

test('a candidate that has grown is routed to with all that it has by then', async () => {
  const under = await routed();
  const one = { ...candidate, pool: poolOf(3), instances: 1 };
  const grown: PlannedSplit = {
    ...leased,
    weights: leased.weights.map((share) => ({
      ...share,
      pool: share.pool === candidate.pool ? one.pool : share.pool,
    })),
    lease: leased.lease && { ...leased.lease, candidate: one.pool },
  };
  const routedTo = async (instances: number, sequence: number): Promise<number | undefined> => {
    const pool = { ...one, instances };
    const token = { deployment: 2, sequence };
    const command = { ...under.context.command, token };
    await under.run(pool);
    const result = await applySplit({ ...under.context, command }, { split: grown, whole: [pool] });
    assert.equal(result.kind, 'ok');
    const pools = under.surroundings.balancer.observe(scope)?.routing.pools;
    return pools?.find((routed) => routed.pool === one.pool)?.endpoints.length;
  };

  assert.equal(await routedTo(1, 5), 1);
  assert.equal(await routedTo(3, 6), 3);
});

test('a first release gets its traffic only while all of its instances are there', async () => {
  const under = actionUnderTest();
  const plan = aPlan({ stable: null });
  await under.run(plan.services[0].candidate);
  const { target, balancer } = under.surroundings;
  crashSimulated(target, instanceIdOf(plan.services[0].candidate.pool, 0), '');
  const open = plan.steps.find(({ id }) => id === 'open-traffic')?.action;
  assert.ok(open?.kind === 'apply-split');

  const result = await applySplit({ ...under.context, plan }, open);

  assert.ok(result.kind === 'failed');
  assert.deepEqual([result.failure.code, result.failure.effect], ['instance-exited', 'none']);
  assert.equal(balancer.observe(scope), null);
});

test('an instance that does not accept connections yet is waited for, and not for ever', async () => {
  const under = await routed(250);
  const [instance] = under.surroundings.target.pools.get(candidate.pool)?.instances ?? [];
  assert.ok(instance);
  instance.state = 'starting';

  const result = await applySplit(under.context, { split: leased, whole: [candidate] });

  assert.ok(result.kind === 'failed');
  assert.match(result.failure.message, /has 1 of 2 instances accepting connections/);
  assert.deepEqual(under.surroundings.balancer.observe(scope)?.weights, { [stable.pool]: 100 });
});

test('a split that follows a leased one is refused where somebody has loaded another', async () => {
  const under = await routed();
  const { balancer } = under.surroundings;
  await applySplit(under.context, { split: leased, whole: [candidate] });
  const { token } = under.context.command;
  const command = {
    ...under.context.command,
    token: { ...token, sequence: token.sequence + 1 },
  };
  const lease = { scope, token, ttlMs: 2_000 };
  balancer.reload(scope);

  await assert.rejects(
    applySplit({ ...under.context, command, lease }, { split: split(100) }),
    failsWith('token-fenced', /follows 1\.1, no longer/),
  );

  assert.deepEqual(balancer.observe(scope)?.weights, { [stable.pool]: 100 });
});

test('the stable pool gets its traffic back whatever is left of the candidate', async () => {
  const under = await routed();
  await applySplit(under.context, { split: leased, whole: [candidate] });
  crashSimulated(under.surroundings.target, instanceIdOf(candidate.pool, 0), '');

  const result = await applySplit(
    {
      ...under.context,
      command: { ...under.context.command, token: { deployment: 2, sequence: 9 } },
    },
    { split: split(0) },
  );

  assert.equal(result.kind, 'ok');
});

test('a lease that lapsed before the step was repeated is told as such', async () => {
  const under = await routed();
  await applySplit(under.context, { split: leased, whole: [candidate] });
  under.surroundings.balancer.advance(2_001);

  const result = await applySplit(under.context, { split: leased, whole: [candidate] });

  assert.ok(result.kind === 'failed');
  assert.deepEqual([result.failure.code, result.failure.effect], ['lease-lost', 'applied']);
  assert.equal(under.surroundings.balancer.observe(scope)?.weights[candidate.pool], 0);
});

test('a split that nobody can connect to is refused on the way forward, and counts where there is one way only', async () => {
  const { context } = await routed();
  const { balancer } = context.drivers;
  const unserved: ActionContext = {
    ...context,
    drivers: {
      ...context.drivers,
      balancer: {
        ...balancer,
        apply: async (...args) => ({ ...(await balancer.apply(...args)), isUnserved: true }),
      },
    },
  };
  const [back] = context.plan.revert;
  const onTheWayBack = { ...unserved, command: { ...context.command, step: back!.id } };

  const { pointOfNoReturn } = context.plan;
  const behind = { ...unserved, command: { ...context.command, step: pointOfNoReturn! } };

  const forward = await applySplit(unserved, { split: settled });
  const backward = await applySplit(onTheWayBack, { split: settled });
  const onward = await applySplit(behind, { split: settled });

  assert.ok(forward.kind === 'failed');
  assert.equal(forward.failure.code, 'port-unavailable');
  assert.deepEqual([backward.kind, onward.kind], ['ok', 'ok']);
});
