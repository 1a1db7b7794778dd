import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aQuickRollout, aWish } from '../../test/support/engine/a-wish.ts';
import { onlyServes } from '../../test/support/engine/only-serves.ts';
import {
  engineUnderTest,
  servingEngine,
  someIntent,
  type EngineUnderTest,
} from '../../test/support/engine/run-deployment.ts';
import { scope } from '../../test/support/engine/simulated-surroundings.ts';
import { failsWith } from '../../test/support/fails-with.ts';
import { testPostgres } from '../../test/support/store/test-postgres.ts';
import { planDeployment } from './plan-deployment.ts';
import { planRollback } from './plan-rollback.ts';
import { startDeployment } from './start-deployment.ts';

test('plans are made from what was promoted and what is in force', async (t) => {
  const postgres = await testPostgres(t);

  await t.test('a second rollback does not bring the bad release back', async (t) => {
    const under = await servingEngine(t, postgres);
    await under.deploy('2.0');
    assert.equal((await rollBack(under)).plan.services[0].release.version, '1.0');

    await assert.rejects(
      plannedBack(under),
      failsWith('not-found', /web 1\.0 was rolled back to.*deploy 2\.0 again if you want it/),
    );
    onlyServes(under, 3);
  });

  await t.test('after a restore a rollback goes to the release before', async (t) => {
    const under = await servingEngine(t, postgres);
    await under.deploy('2.0');
    under.atVerb = (name, moment) => {
      const isBroken = name === 'balancer.samples' || name === 'target.stop';
      if (isBroken && moment === 'before') throw new TypeError('x is not a function');
    };
    assert.equal((await under.deploy('3.0')).status, 'held');
    under.atVerb = () => undefined;
    assert.equal((await rollBack(under)).plan.kind, 'restore');

    const record = await rollBack(under);

    assert.deepEqual([record.status, record.plan.kind], ['promoted', 'rollback']);
    assert.equal(record.plan.services[0].release.version, '1.0');
    onlyServes(under, 5);
  });

  await t.test(
    'a rollback is brought in as what is in force says, and probed as it was then',
    async (t) => {
      const under = await engineUnderTest(t, postgres);
      const { pool, balancer, release: before } = aWish('1.0').services[0];
      await under.deploy('1.0', { pool: { ...pool, command: ['old'], instances: 3 } });
      const changes = {
        probes: [{ name: 'newer', driver: 'simulated', config: { timeout: 2_500 } }],
        rollout: aQuickRollout({ drainMs: 30 }),
        balancer: { ...balancer, requestTimeoutMs: 35 },
        environments: { [before.configDigest]: { GREETING: 'bye' } },
      };
      await under.deploy('2.0', changes);

      const { plan, environments } = await plannedBack(under);

      const { release, candidate } = plan.services[0];
      assert.deepEqual(
        [release.version, candidate.command, candidate.instances, candidate.artifact.path],
        ['1.0', ['old'], 3, '/releases/1.0'],
      );
      assert.deepEqual(environments[release.configDigest], { GREETING: 'hello' });
      assert.deepEqual(plan.services[0].probes, aWish('1.0').services[0].probes);
      assert.deepEqual(plan.services[0].probesBefore, changes.probes);
      assert.deepEqual(plan.services[0].rollout, changes.rollout);
      assert.equal(plan.services[0].balancer.requestTimeoutMs, 35);
    },
  );

  await t.test('a changed time-out is in force with the candidate and taken back', async (t) => {
    const under = await servingEngine(t, postgres);
    const { balancer } = aWish('2.0').services[0];
    under.target.releases.set('2.0', 'exits');

    const record = await under.deploy('2.0', { balancer: { ...balancer, requestTimeoutMs: 25 } });

    assert.deepEqual(
      [record.status, record.plan.services[0].requestTimeoutBeforeMs],
      ['reverted', 40],
    );
    assert.equal(timeoutInForce(under), 40);
    await under.deploy('3.0', { balancer: { ...balancer, requestTimeoutMs: 25 } });
    assert.equal(timeoutInForce(under), 25);
  });

  await t.test('a release that would move its service to another address is refused', async (t) => {
    const under = await servingEngine(t, postgres);
    const { balancer } = aWish('2.0').services[0];
    const listen = { host: '127.0.0.1', port: 8090 };

    await assert.rejects(
      under.deploy('2.0', { balancer: { ...balancer, listen } }),
      failsWith('config-invalid', /web serves on 127\.0\.0\.1:8080/),
    );
    onlyServes(under, 1);
  });

  await t.test(
    'an address is taken by the service that serves on it, however written',
    async (t) => {
      const under = await servingEngine(t, postgres);
      const { balancer } = aWish('1.0').services[0];
      const planAt = (host: string, port: number) => {
        const wish = aWish('1.0', {
          service: 'api',
          balancer: { ...balancer, listen: { host, port } },
        });
        return planDeployment(under.engine, wish);
      };

      for (const host of ['127.0.0.1', 'localhost', '0.0.0.0', '::']) {
        await assert.rejects(
          planAt(host, 8080),
          failsWith('config-invalid', /already serves production\/web/),
          host,
        );
      }
      assert.equal((await planAt('127.0.0.1', 8081)).plan.services[0].balancer.listen.port, 8081);
    },
  );
});

function plannedBack(under: EngineUnderTest) {
  return planRollback(under.engine.store, 'production', 'web');
}

async function rollBack(under: EngineUnderTest) {
  const prepared = await plannedBack(under);
  const { deployment } = await startDeployment(under.engine, prepared, someIntent);
  return under.ended(deployment.number);
}

function timeoutInForce({ balancer }: EngineUnderTest): number | undefined {
  return balancer.observe(scope)?.routing.requestTimeoutMs;
}
