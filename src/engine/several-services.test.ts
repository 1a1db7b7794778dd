import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { aServiceWish, aWish } from '../../test/support/engine/a-wish.ts';
import {
  engineUnderTest,
  someIntent,
  type EngineUnderTest,
} from '../../test/support/engine/run-deployment.ts';
import { failsWith } from '../../test/support/fails-with.ts';
import { testPostgres } from '../../test/support/store/test-postgres.ts';
import { until } from '../../test/support/until.ts';
import { poolIdOf, scopeOf } from '../core/model/ids.ts';
import type { DeploymentRecord } from '../store/deployment-store.ts';
import { planDeployment, type DeploymentWish, type ServiceWish } from './plan-deployment.ts';
import { planRollback } from './plan-rollback.ts';
import { startDeployment } from './start-deployment.ts';

const API = scopeOf('production', 'api');
const WEB = scopeOf('production', 'web');

test('several services are brought in together, or none of them', async (t) => {
  const postgres = await testPostgres(t);

  await t.test('all have their new release at the end', async (t) => {
    const under = await bothServing(t);

    const record = await under.deploy('2.0', both('2.0'));

    assert.equal(record.status, 'promoted', JSON.stringify(record.summary?.cause));
    serves(under, { api: 2, web: 2 });
    const requested = (await under.audit(2)).filter(
      ({ body }) => body.kind === 'DeploymentRequested',
    );
    assert.deepEqual(
      requested.map(({ scope }) => scope),
      [API, WEB],
    );
  });

  for (const bad of ['api', 'web']) {
    await t.test(`when the new ${bad} fails its clients, the old releases serve all`, async (t) => {
      const under = await bothServing(t);
      under.balancer.behave(poolIdOf('production', bad, 2), () => ({
        ...{ kind: 'answer', status: 500, latencyUs: 1_000 },
      }));

      const record = await under.deploy('2.0', both('2.0'));

      assert.equal(record.status, 'reverted');
      assert.match(record.summary?.cause?.step ?? '', new RegExp(`^${bad}:judge-`));
      assert.ok(record.summary?.exposure.failures);
      serves(under, { api: 1, web: 1 });
    });
  }

  await t.test(
    'one that loses its traffic while another is brought in takes both back',
    async (t) => {
      const under = await bothServing(t);
      const atWeb = { status: '' };
      under.atVerb = (verb, moment) => {
        const routing = under.balancer.observe(WEB)?.routing;
        // All of the api's traffic goes to its new release by now; the edge itself takes it away.
        if (verb !== 'balancer.samples' || moment !== 'before' || routing?.lease === null) return;
        atWeb.status ||= String(
          under.balancer.observe(API)?.weights[poolIdOf('production', 'api', 2)],
        );
        under.balancer.behave(poolIdOf('production', 'api', 2), () => ({ kind: 'refused' }));
        under.balancer.send(API, 20);
        under.requestsPerLook = 0;
      };

      const record = await under.deploy('2.0', both('2.0'));

      assert.equal(atWeb.status, '100');
      assert.equal(record.status, 'reverted');
      assert.deepEqual(
        [record.summary?.cause?.step, record.summary?.cause?.failure.code],
        ['web:judge-50', 'gate-failed'],
      );
      assert.match(record.summary?.cause?.failure.message ?? '', /^api: The balancer took the/);
      under.atVerb = () => undefined;
      serves(under, { api: 1, web: 1 });
    },
  );

  await t.test('who counts on a service that has lost its traffic gets none', async (t) => {
    const under = await bothServing(t);
    const ofApi = poolIdOf('production', 'api', 2);
    const ofWeb = poolIdOf('production', 'web', 2);
    const seen: number[] = [];
    under.atVerb = (verb, moment) => {
      if (moment === 'before') return;
      seen.push(under.balancer.observe(WEB)?.weights[ofWeb] ?? 0);
      if (verb !== 'target.ensure' || under.balancer.observe(API)?.weights[ofApi] !== 100) return;
      under.balancer.behave(ofApi, () => ({ kind: 'refused' }));
      under.balancer.send(API, 20);
    };

    const record = await under.deploy('2.0', both('2.0'));

    assert.equal(record.status, 'reverted');
    assert.match(record.summary?.cause?.failure.message ?? '', /^api: /);
    assert.deepEqual([...new Set(seen)], [0]);
    under.atVerb = () => undefined;
    serves(under, { api: 1, web: 1 });
  });

  await t.test('a rollback takes back together what came in together', async (t) => {
    const under = await bothServing(t);
    await under.deploy('2.0', both('2.0'));

    const record = await rollBack(under, 'web');

    assert.deepEqual([record.status, record.plan.kind], ['promoted', 'rollback']);
    assert.deepEqual(
      record.plan.services.map(({ service, release }) => `${service} ${release.version}`),
      ['api 1.0', 'web 1.0'],
    );
    serves(under, { api: 3, web: 3 });
  });

  await t.test('one that was brought further since is rolled back first', async (t) => {
    const under = await bothServing(t);
    await under.deploy('2.0', both('2.0'));
    await under.deploy('2.1', { services: [web('2.1')] });

    await assert.rejects(
      planRollback(under.engine.store, 'production', 'api'),
      failsWith(
        'not-found',
        /api, web came in together with d2 .* web was brought further with d3/,
      ),
    );
    await rollBack(under, 'web');
    serves(under, { api: 2, web: 4 });
    assert.equal((await rollBack(under, 'api')).status, 'promoted');
    serves(under, { api: 5, web: 5 });
  });

  await t.test('while both are brought in, neither can be deployed alone', async (t) => {
    const under = await bothServing(t);
    under.requestsPerLook = 0;
    const { number } = await under.start('2.0', both('2.0'));
    await until('it has begun', () => under.seen.some(({ name }) => name === 'target.ensure'));

    for (const alone of [api('2.1'), web('2.1')]) {
      await assert.rejects(
        planDeployment(under.engine, aWish('2.1', { services: [alone] })),
        failsWith('scope-busy', new RegExp(`d2 of production/${alone.service}`)),
      );
    }
    under.requestsPerLook = 40;
    assert.equal((await under.ended(number)).status, 'promoted');
  });

  await t.test('two services of one deployment cannot be served on one address', async (t) => {
    const under = await engineUnderTest(t, postgres);
    const { balancer } = web('1.0');

    await assert.rejects(
      under.deploy('1.0', { services: [{ ...api('1.0'), balancer }, web('1.0')] }),
      failsWith('config-invalid', /already serves production\/api/),
    );
  });

  async function bothServing(t: TestContext): Promise<EngineUnderTest> {
    const under = await engineUnderTest(t, postgres);
    assert.equal((await under.deploy('1.0', both('1.0'))).status, 'promoted');
    return under;
  }
});

function web(version: string): ServiceWish {
  return aServiceWish(version);
}

function api(version: string): ServiceWish {
  const { balancer, ...wish } = aServiceWish(version);
  const listen = { host: '127.0.0.1', port: 8081 };
  return { ...wish, service: 'api', balancer: { ...balancer, listen } };
}

function both(version: string): Pick<DeploymentWish, 'services'> {
  return { services: [api(version), web(version)] };
}

async function rollBack(under: EngineUnderTest, service: string): Promise<DeploymentRecord> {
  const prepared = await planRollback(under.engine.store, 'production', service);
  const { deployment } = await startDeployment(under.engine, prepared, someIntent);
  return under.ended(deployment.number);
}

/** The pools of these deployments have all traffic, and nothing else runs. */
function serves(under: EngineUnderTest, by: Readonly<Record<'api' | 'web', number>>): void {
  const serving = Object.entries(by).map(([service, deployment]) => {
    const pool = poolIdOf('production', service, deployment);
    const observation = under.balancer.observe(scopeOf('production', service));
    assert.deepEqual(observation?.weights, { [pool]: 100 });
    assert.equal(observation.routing.lease, null);
    return pool;
  });
  const running = [...under.target.pools.values()].filter(({ desired }) => desired === 'running');
  assert.deepEqual(running.map(({ spec }) => spec.pool).sort(), serving.sort());
}
