import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { aDeployRequest, aServiceRequest } from '../../test/support/api/a-deploy-request.ts';
import { apiUnderTest, problemOf } from '../../test/support/api/api-under-test.ts';
import { bodiesOf } from '../../test/support/engine/run-deployment.ts';
import { testPostgres } from '../../test/support/store/test-postgres.ts';
import type { Closure } from '../core/deployment/closure.ts';
import { WEEKDAYS, type DeploymentWindow } from '../core/windows/deployment-window.ts';
import type { PlanAnswer, StatusAnswer } from './contract/answers.ts';

const always: DeploymentWindow = {
  ...{ days: WEEKDAYS, fromMinute: 0, toMinute: 1_440, timeZone: 'UTC' },
};

/** Of a day that is neither today nor tomorrow, whenever the test runs. */
function shut(): DeploymentWindow {
  const today = (new Date().getUTCDay() + 6) % 7;
  return { ...always, days: [WEEKDAYS[(today + 3) % 7]!] };
}

function within(...windows: DeploymentWindow[][]) {
  const { services, ...request } = aDeployRequest('2.0');
  return { ...request, services: [{ ...services[0], windows }] };
}

test('a deploy is brought forward within its windows only, and all else at any time', async (t) => {
  const postgres = await testPostgres(t);
  const serving = async (t: TestContext) => {
    const api = await apiUnderTest(t, postgres);
    await api.under.deploy('1.0');
    return api;
  };

  await t.test('outside of one declaration it is refused, with when it opens', async (t) => {
    const { post, under } = await serving(t);
    const { actor: _actor, reason: _reason, ...wish } = within([always], [shut()]);

    const refused = await post('/v1/deployments', within([always], [shut()]));
    const planned = (await post('/v1/plans', wish)).body as PlanAnswer;

    assert.equal(refused.status, 423);
    assert.equal(problemOf(refused).code, 'outside-window');
    assert.match(problemOf(refused).detail, /\(\w{3} 00:00-24:00 UTC\) are closed until \w{3} 2/);
    const { opensAtMs = null } = (problemOf(refused).details?.['closure'] as Closure).outside ?? {};
    assert.ok(opensAtMs !== null && opensAtMs > Date.now());
    assert.deepEqual([planned.windows?.isOpen, planned.windows?.changesAtMs], [false, opensAtMs]);
    assert.equal(planned.refusal?.code, 'outside-window');
    assert.equal(await under.engine.store.findDeployment(2), null);
  });

  await t.test(
    'within one window of each it goes ahead; the plan says when they close',
    async (t) => {
      const { post, under } = await serving(t);
      const { actor: _actor, reason: _reason, ...wish } = within([shut(), always], [always]);

      const planned = (await post('/v1/plans', wish)).body as PlanAnswer;
      const started = await post('/v1/deployments', within([shut(), always], [always]));

      assert.deepEqual([planned.windows?.isOpen, planned.windows?.closesBefore], [true, false]);
      assert.equal(planned.refusal, null);
      assert.equal(started.status, 201);
      assert.equal((await under.ended(2)).status, 'promoted');
    },
  );

  await t.test('an override goes ahead to the end, on record with what it was for', async (t) => {
    const { post, get, under } = await serving(t);

    const started = await post('/v1/deployments', { ...within([shut()]), override: 'a leak' });

    assert.equal(started.status, 201);
    assert.equal((await under.ended(2)).status, 'promoted');
    const [requested] = bodiesOf(await under.audit(2), 'DeploymentRequested');
    assert.equal(requested?.overridden?.reason, 'a leak');
    assert.deepEqual(requested.overridden.closure.outside?.windows, [[shut()]]);
    const { services } = (await get('/v1/status')).body as StatusAnswer;
    assert.deepEqual(services[0]?.outside?.windows, [[shut()]]);
  });

  await t.test('a repair and a rollback are never stopped', async (t) => {
    const { post, under } = await serving(t);

    await post('/v1/deployments', { ...within([shut()]), kind: 'repair' });
    assert.equal((await under.ended(2)).status, 'promoted');
    const who = { actor: 'local:eve', reason: 'because' };
    await post('/v1/rollbacks', { ...who, environment: 'production', service: 'web' });
    assert.equal((await under.ended(3)).status, 'promoted');
  });

  await t.test('windows that make no sense are refused', async (t) => {
    const { post } = await serving(t);

    for (const windows of [
      [],
      [[]],
      [[{ ...always, timeZone: 'Europe/Berln' }]],
      [[{ ...always, days: [] }]],
      [[{ ...always, days: ['monday'] }]],
      [[{ ...always, fromMinute: 1_440 }]],
      [[{ ...always, fromMinute: 60, toMinute: 60 }]],
    ]) {
      const request = {
        ...aDeployRequest('2.0'),
        services: [{ ...aServiceRequest('2.0'), windows }],
      };
      assert.equal((await post('/v1/deployments', request)).status, 400, JSON.stringify(windows));
    }
  });
});
