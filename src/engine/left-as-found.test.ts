import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aWish } from '../../test/support/engine/a-wish.ts';
import { onlyServes } from '../../test/support/engine/only-serves.ts';
import {
  bodiesOf,
  engineUnderTest,
  servingEngine,
  someIntent,
  type EngineUnderTest,
} from '../../test/support/engine/run-deployment.ts';
import { poolOf, scope } from '../../test/support/engine/simulated-surroundings.ts';
import { testPostgres } from '../../test/support/store/test-postgres.ts';
import { operationalError } from '../core/operational-error.ts';
import { crashSimulated } from '../drivers/target/simulated/simulated-world.ts';
import { planDeployment } from './plan-deployment.ts';
import { planRollback } from './plan-rollback.ts';
import { askDeployment } from './ask-deployment.ts';
import { startDeployment } from './start-deployment.ts';

test('what a deployment finds that is not its own is left as it is', async (t) => {
  const postgres = await testPostgres(t);

  await t.test('a database that does not know what runs takes nothing down', async (t) => {
    const under = await engineUnderTest(t, postgres);
    await serveUnknown(under);

    const record = await under.deploy('2.0');

    assert.equal(record.status, 'reverted');
    assert.match(
      record.summary?.cause?.failure.message ?? '',
      /production\.web\.1 .* runs as well/,
    );
    onlyServes(under, 1);
    assert.equal(bodiesOf(await under.audit(1), 'CommandIssued').length, 1);
  });

  await t.test('a database that was set back does not act under old numbers', async (t) => {
    const under = await servingEngine(t, postgres);
    const routing = under.balancer.observe(scope)?.routing;
    assert.ok(routing);
    under.balancer.apply(routing, { deployment: 9, sequence: 1 });

    const record = await under.deploy('2.0');

    assert.equal(record.summary?.cause?.failure.code, 'token-fenced');
    assert.match(record.summary.cause.failure.message, /follows deployment d9/);
    onlyServes(under, 1);
  });

  await t.test('an abort before anything was changed changes nothing', async (t) => {
    const under = await servingEngine(t, postgres);
    under.atVerb = async (verb, moment) => {
      if (verb !== 'target.observe' || moment !== 'before') return;
      under.atVerb = () => undefined;
      await askDeployment(under.engine, 2, { kind: 'abort', ...someIntent });
    };

    const record = await under.deploy('2.0');

    assert.deepEqual([record.status, record.summary?.cause?.failure.code], ['reverted', 'aborted']);
    assert.equal(bodiesOf(await under.audit(2), 'RevertDecided').length, 0);
    onlyServes(under, 1);
  });
});

test('a broken present release does not stand in the way of a better one', async (t) => {
  const postgres = await testPostgres(t);

  await t.test('a deploy over it ends at once, and says so', async (t) => {
    const under = await withBrokenPresent(await servingEngine(t, postgres));

    const record = await under.deploy('3.0');

    assert.equal(record.status, 'reverted');
    assert.match(record.summary?.cause?.failure.message ?? '', /has 1 of 2 instances accepting/);
    assert.equal(bodiesOf(await under.audit(3), 'CommandIssued').length, 1);
  });

  await t.test('a rollback goes to the release before', async (t) => {
    const under = await withBrokenPresent(await servingEngine(t, postgres));

    const record = await rollBack(under);

    assert.deepEqual([record.status, record.plan.services[0].release.version], ['promoted', '1.0']);
    onlyServes(under, 3);
  });

  await t.test('a repair brings a new release in', async (t) => {
    const under = await withBrokenPresent(await servingEngine(t, postgres));

    const record = await under.deploy('3.0', { kind: 'repair' });

    assert.equal(record.status, 'promoted', JSON.stringify(record.summary?.cause));
    onlyServes(under, 3);
  });

  await t.test('a repair that fails leaves it as it was found', async (t) => {
    const under = await withBrokenPresent(await servingEngine(t, postgres));
    under.target.releases.set('3.0', 'exits');

    const record = await under.deploy('3.0', { kind: 'repair' });

    assert.equal(record.status, 'reverted');
    assert.deepEqual(under.balancer.observe(scope)?.weights, { [poolOf(2)]: 100 });
    assert.equal(under.target.pools.get(poolOf(2))?.desired, 'running');
    assert.equal(under.target.pools.get(poolOf(3))?.desired, 'stopped');
  });
});

test('every release is asked by its own probes', async (t) => {
  const postgres = await testPostgres(t);
  const newer = { probes: [{ name: 'newer', driver: 'simulated', config: { timeout: 10 } }] };
  const setUp = async () => {
    const under = await servingEngine(t, postgres);
    // 1.0 is too slow for the probe that came with 2.0.
    under.probe = ({ release }) => ({
      ok: true,
      observed: 'fine',
      ...(release.version === '1.0' && { afterMs: 60 }),
    });
    return under;
  };

  await t.test('one that comes with a new probe is promoted', async () => {
    const under = await setUp();

    assert.equal((await under.deploy('2.0', newer)).status, 'promoted');
  });

  await t.test('one that comes with a new probe and fails is taken back', async () => {
    const under = await setUp();
    under.target.releases.set('2.0', 'exits');

    assert.equal((await under.deploy('2.0', newer)).status, 'reverted');
    onlyServes(under, 1);
  });

  await t.test('a rollback asks the old one what was asked of it then', async () => {
    const under = await setUp();
    await under.deploy('2.0', newer);

    assert.equal((await rollBack(under)).status, 'promoted');
    onlyServes(under, 3);
  });
});

test('what an instance printed cannot keep its end from being recorded', async (t) => {
  const under = await servingEngine(t, await testPostgres(t));
  under.atVerb = (verb, moment) => {
    if (verb !== 'target.ensure' || moment !== 'before') return;
    under.atVerb = () => undefined;
    throw operationalError('instance-exited', 'It ended; its last line: bye\0 \ud83d', {
      details: { lastLines: ['bye\0', 'half an emoji \ud83d'] },
    });
  };

  const record = await under.deploy('2.0');

  assert.deepEqual(
    [record.status, record.summary?.cause?.failure.code],
    ['reverted', 'instance-exited'],
  );
  assert.deepEqual(record.summary?.cause?.failure.details, {
    lastLines: ['bye\ufffd', 'half an emoji \ufffd'],
  });
});

test('a release that ends by itself and is started again is not promoted', async (t) => {
  const under = await servingEngine(t, await testPostgres(t));
  under.atVerb = (verb, moment) => {
    const settled = under.target.pools.get(poolOf(2));
    if (verb !== 'target.ensure' || moment !== 'after' || settled?.spec.restart !== 'always')
      return;
    under.atVerb = () => undefined;
    for (const { id } of settled.instances) crashSimulated(under.target, id, '');
  };

  const record = await under.deploy('2.0');

  assert.equal(record.status, 'reverted');
  assert.match(
    record.summary?.cause?.failure.message ?? '',
    /production\.web\.2\.0 has ended by itself 1 times/,
  );
  onlyServes(under, 1);
});

async function serveUnknown(under: EngineUnderTest): Promise<void> {
  const { plan } = await planDeployment(under.engine, aWish('1.0'));
  const { target } = under.connectDrivers(plan.services[0]);
  const { stopGraceMs: _grace, ...spec } = {
    ...plan.services[0].candidate,
    restart: 'always' as const,
  };
  const token = { deployment: 1, sequence: 5 };
  const context = { token, signal: AbortSignal.timeout(5_000) };
  const { pool, release, instances } = await target.ensure({ ...spec, environment: {} }, context);
  const endpoints = instances.map(({ id, host, port }) => ({ instance: id, host, port }));
  under.balancer.apply(
    {
      scope,
      listen: plan.services[0].balancer.listen,
      requestTimeoutMs: plan.services[0].balancer.requestTimeoutMs,
      stable: pool,
      lease: null,
      pools: [{ pool, version: release.version, weight: 100, endpoints }],
    },
    token,
  );
}

/** 2.0 over 1.0; one of its instances has ended and does not come up again. */
async function withBrokenPresent(under: EngineUnderTest): Promise<EngineUnderTest> {
  await under.deploy('2.0');
  under.target.releases.set('2.0', 'exits');
  const [instance] = under.target.pools.get(poolOf(2))?.instances ?? [];
  assert.ok(instance);
  crashSimulated(under.target, instance.id, '');
  return under;
}

async function rollBack(under: EngineUnderTest) {
  const prepared = await planRollback(under.engine.store, 'production', 'web');
  const { deployment } = await startDeployment(under.engine, prepared, someIntent);
  return under.ended(deployment.number);
}
