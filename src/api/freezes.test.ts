import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { aDeployRequest } from '../../test/support/api/a-deploy-request.ts';
import { apiUnderTest, problemOf } from '../../test/support/api/api-under-test.ts';
import { bodiesOf, isJudging } from '../../test/support/engine/run-deployment.ts';
import { poolOf, scope } from '../../test/support/engine/simulated-surroundings.ts';
import { testPostgres } from '../../test/support/store/test-postgres.ts';
import { until } from '../../test/support/until.ts';
import type { Freeze } from '../core/deployment/freeze.ts';
import type { DeploymentAnswer, PlanAnswer, RequestAnswer } from './contract/answers.ts';

const who = { actor: 'local:eve', reason: 'audit' };
const production = { ...who, places: [{ environment: 'production' }] };

test('nothing is brought forward where it is frozen, and all else goes on', async (t) => {
  const postgres = await testPostgres(t);
  const serving = async (t: TestContext) => {
    const api = await apiUnderTest(t, postgres);
    const { under, post } = api;
    await under.deploy('1.0');
    const freeze = async (body: object = production) =>
      ((await post('/v1/freezes', body)).body as readonly Freeze[])[0]!;
    const lift = (id: number) => post('/v1/freezes/lift', { ...who, freezes: [id] });
    const refusals = async () =>
      (await under.engine.store.readAudit({ after: 0, limit: 1_000 })).filter(
        ({ body }) => body.kind === 'RequestRefused',
      );
    return { ...api, freeze, lift, refusals };
  };

  await t.test(
    'a deploy is refused before anything is done, with who, until when and why',
    async (t) => {
      const { post, under, freeze, lift, refusals } = await serving(t);
      const { kind: _kind, actor: _actor, reason: _reason, ...wish } = aDeployRequest('2.0');

      const { id } = await freeze({ ...production, until: '2099-01-01T09:00:00+01:00' });
      const refused = await post('/v1/deployments', aDeployRequest('2.0'));
      const planned = (await post('/v1/plans', wish)).body as PlanAnswer;

      assert.equal(refused.status, 423);
      assert.equal(problemOf(refused).code, 'frozen');
      assert.match(
        problemOf(refused).detail,
        /^production is frozen by local:eve until 2099-01-01T08:00:00\.000Z \(freeze 1\): audit\.$/,
      );
      assert.equal(planned.refusal?.code, 'frozen');
      assert.equal(await under.engine.store.findDeployment(2), null);
      assert.equal((await refusals()).length, 1);
      assert.equal((await lift(id)).status, 200);
      assert.equal((await post('/v1/deployments', aDeployRequest('2.0'))).status, 201);
      assert.equal((await under.ended(2)).status, 'promoted');
    },
  );

  await t.test('a repair and a rollback are never stopped', async (t) => {
    const { post, under, freeze } = await serving(t);

    await freeze();
    await post('/v1/deployments', aDeployRequest('2.0', { kind: 'repair' }));
    assert.equal((await under.ended(2)).status, 'promoted');
    await post('/v1/rollbacks', { ...who, environment: 'production', service: 'web' });
    assert.equal((await under.ended(3)).status, 'promoted');
  });

  await t.test(
    'with an override on record a deploy goes ahead, until another freeze comes',
    async (t) => {
      const { post, get, under, freeze, lift } = await serving(t);
      const requestsPerLook = under.requestsPerLook;
      under.requestsPerLook = 0;

      await freeze();
      const started = await post('/v1/deployments', {
        ...aDeployRequest('2.0'),
        override: 'a leak',
      });
      await until('the traffic is judged', () => isJudging(under));
      const second = await freeze();
      under.requestsPerLook = requestsPerLook;
      const waiting = async () =>
        ((await get('/v1/deployments/d2')).body as DeploymentAnswer).waiting;
      await until('it waits', async () => (await waiting())?.kind === 'closure');
      await lift(second.id);

      assert.equal(started.status, 201);
      assert.equal((await under.ended(2)).status, 'promoted');
      const entries = await under.audit(2);
      const [requested] = bodiesOf(entries, 'DeploymentRequested');
      assert.equal(requested?.overridden?.reason, 'a leak');
      assert.deepEqual(
        requested.overridden.closure.freezes.map(({ id }) => id),
        [1],
      );
      assert.equal(bodiesOf(entries, 'DeploymentThawed').length, 1);
    },
  );

  await t.test(
    'one that runs gets no more traffic, says why, and goes on when it is overridden',
    async (t) => {
      const { post, get, under, freeze } = await serving(t);
      const requestsPerLook = under.requestsPerLook;
      under.requestsPerLook = 0;
      const weight = () => under.balancer.observe(scope)?.weights[poolOf(2)] ?? 0;
      const ask = (body: object) => post('/v1/deployments/d2/resume', body);

      await post('/v1/deployments', aDeployRequest('2.0'));
      await until('the traffic is judged', () => isJudging(under));
      const before = weight();
      const frozen = await freeze();
      under.requestsPerLook = requestsPerLook;
      await until('it waits', async () => {
        const { waiting } = (await get('/v1/deployments/d2')).body as DeploymentAnswer;
        return waiting?.kind === 'closure' && waiting.closure.freezes[0]?.id === frozen.id;
      });
      const declined = await ask(who);
      const unexplained = await ask({ ...who, reason: ' ', override: true });

      assert.equal(weight(), before);
      assert.equal(problemOf(declined).code, 'request-declined');
      assert.match(problemOf(declined).detail, /--override/);
      assert.equal(unexplained.status, 400);
      assert.equal(((await ask({ ...who, override: true })).body as RequestAnswer).outcome, 'done');
      assert.equal((await under.ended(2)).status, 'promoted');
      assert.equal(bodiesOf(await under.audit(2), 'FreezeOverridden').length, 1);
    },
  );

  await t.test('a candidate that fails, and an abort, revert while it is frozen', async (t) => {
    for (const end of ['fails', 'aborted'] as const) {
      const { post, get, under, freeze } = await serving(t);
      const requestsPerLook = under.requestsPerLook;
      under.requestsPerLook = 0;
      await post('/v1/deployments', aDeployRequest('2.0'));
      await until('the traffic is judged', () => isJudging(under));
      await freeze();
      under.requestsPerLook = requestsPerLook;
      await until(
        'it waits',
        async () =>
          ((await get('/v1/deployments/d2')).body as DeploymentAnswer).waiting?.kind === 'closure',
      );

      if (end === 'fails') {
        under.balancer.behave(poolOf(2), () => ({ kind: 'answer', status: 500, latencyUs: 1_000 }));
      } else await post('/v1/deployments/d2/abort', who);

      const { status, summary } = await under.ended(2);
      assert.equal(status, 'reverted');
      assert.equal(summary?.cause?.failure.code, end === 'fails' ? 'gate-failed' : 'aborted');
      assert.equal(under.balancer.observe(scope)?.weights[poolOf(2)] ?? 0, 0);
    }
  });

  await t.test('what makes no sense is refused and changes nothing', async (t) => {
    const { post, get } = await serving(t);

    for (const body of [
      { ...production, reason: '  ' },
      { ...production, places: [] },
      { ...production, places: [{ environment: 'Production!' }] },
      { ...production, until: '2020-01-01T00:00:00Z' },
      { ...production, until: '2099-01-01T00:00:00' },
      { ...production, until: 'tomorrow' },
    ]) {
      assert.equal((await post('/v1/freezes', body)).status, 400, JSON.stringify(body));
    }
    assert.equal((await post('/v1/freezes/lift', { ...who, freezes: [7] })).status, 404);
    assert.deepEqual((await get('/v1/freezes')).body, []);
  });
});
