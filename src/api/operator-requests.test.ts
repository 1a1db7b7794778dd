import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { aDeployRequest } from '../../test/support/api/a-deploy-request.ts';
import { apiUnderTest, problemOf } from '../../test/support/api/api-under-test.ts';
import { bodiesOf, isJudging } from '../../test/support/engine/run-deployment.ts';
import { poolOf, scope } from '../../test/support/engine/simulated-surroundings.ts';
import { testPostgres } from '../../test/support/store/test-postgres.ts';
import { until } from '../../test/support/until.ts';
import type { RequestAnswer } from './contract/answers.ts';

const intent = { actor: 'local:ada', reason: 'lunch' };

test('people ask a running deployment to wait and to go on, and are answered', async (t) => {
  const postgres = await testPostgres(t);
  /** 2.0 is judged over 1.0, and nobody asks it anything until the test says so. */
  const judging = async (t: TestContext) => {
    const api = await apiUnderTest(t, postgres);
    const { under } = api;
    await under.deploy('1.0');
    const requestsPerLook = under.requestsPerLook;
    under.requestsPerLook = 0;
    await api.post('/v1/deployments', aDeployRequest('2.0'));
    await until('the traffic is judged', () => isJudging(under));
    const ask = (verb: string, more = {}) =>
      api.post(`/v1/deployments/d2/${verb}`, { ...intent, ...more });
    return {
      ...{ ...api, ask },
      serve: () => (under.requestsPerLook = requestsPerLook),
      weight: () => under.balancer.observe(scope)?.weights[poolOf(2)] ?? 0,
    };
  };

  await t.test('a pause is in force when it is answered, and what is judged goes on', async (t) => {
    const { ask, get, under, serve, weight } = await judging(t);

    const paused = (await ask('pause')).body as RequestAnswer;
    const before = weight();
    serve();
    await until('enough has been asked', () => under.balancer.observe(scope) !== null);
    const { waiting } = (await get('/v1/deployments/d2')).body as RequestAnswer['deployment'];
    const again = (await ask('pause')).body as RequestAnswer;
    assert.equal(weight(), before);
    const resumed = (await ask('resume')).body as RequestAnswer;

    assert.equal(paused.outcome, 'done');
    assert.deepEqual(waiting, {
      ...{ kind: 'pause', isInForce: true, leftMs: null, ...intent },
      before: paused.deployment.step?.id,
    });
    assert.deepEqual([again.outcome, resumed.outcome], ['idle', 'done']);
    assert.equal((await under.ended(2)).status, 'promoted');
    const entries = await under.audit(2);
    assert.equal(bodiesOf(entries, 'OperatorAsked').length, 3);
    assert.equal(bodiesOf(entries, 'DeploymentPaused').length, 1);
  });

  await t.test('a candidate that fails in a pause loses its traffic', async (t) => {
    const { ask, under, serve, weight } = await judging(t);
    under.balancer.behave(poolOf(2), () => ({ kind: 'answer', status: 500, latencyUs: 1_000 }));

    await ask('pause');
    serve();

    const { status, summary } = await under.ended(2);
    assert.equal(status, 'reverted');
    assert.equal(summary?.cause?.failure.code, 'gate-failed');
    assert.equal(weight(), 0);
  });

  await t.test('an abort ends a pause at once', async (t) => {
    const { ask, under, weight } = await judging(t);

    await ask('pause');
    const aborted = await ask('abort');

    assert.equal(aborted.status, 200);
    assert.equal((await under.ended(2)).summary?.cause?.failure.code, 'aborted');
    assert.equal(weight(), 0);
  });

  await t.test('a promotion waives time and no evidence', async (t) => {
    const { ask, under, serve, weight } = await judging(t);

    const promoted = (await ask('promote')).body as RequestAnswer;
    const again = (await ask('promote')).body as RequestAnswer;
    const before = weight();
    serve();

    assert.deepEqual([promoted.outcome, again.outcome], ['done', 'idle']);
    assert.ok(before < 100, 'nothing was asked, so nothing passes');
    assert.equal((await under.ended(2)).status, 'promoted');
    const [waived] = bodiesOf(await under.audit(2), 'HoldWaived');
    assert.deepEqual([waived?.actor, waived?.reason], [intent.actor, intent.reason]);
  });

  await t.test('a plan is approved by its digest, at the gate that waits for it', async (t) => {
    const { under, post, get } = await apiUnderTest(t, postgres);
    await under.deploy('1.0');
    const { rollout } = aDeployRequest('2.0').services[0];
    const gate = { before: 100, approvers: 1, exceptStarter: true, deadline: 60_000 };
    await post(
      '/v1/deployments',
      aDeployRequest('2.0', { rollout: { ...rollout, approvals: [gate] } }),
    );
    const detail = async () =>
      (await get('/v1/deployments/d2')).body as RequestAnswer['deployment'];
    await until('it waits', async () => (await detail()).waiting?.kind === 'approval');
    const { planDigest, waiting } = await detail();
    const approve = (actor: string, digest: string) =>
      post('/v1/deployments/d2/approve', { actor, reason: 'seen', planDigest: digest });

    const other = await approve('local:bob', `sha256:${'0'.repeat(64)}`);
    const starter = await approve('local:ada', planDigest);
    const wrong = await approve('local:bob', 'yes');
    const good = (await approve('local:bob', planDigest)).body as RequestAnswer;

    assert.ok(waiting?.kind === 'approval');
    assert.deepEqual([waiting.step, waiting.needed, waiting.approvedBy], ['approve-100', 1, []]);
    assert.deepEqual([other.status, problemOf(other).code], [409, 'request-declined']);
    assert.match(problemOf(other).detail, new RegExp(`${planDigest}; approved was sha256:000`));
    assert.match(problemOf(starter).detail, /local:ada has started the deployment/);
    assert.equal(problemOf(wrong).code, 'request-invalid');
    assert.equal(good.outcome, 'done');
    assert.equal((await under.ended(2)).status, 'promoted');
    const [given] = bodiesOf(await under.audit(2), 'ApprovalGiven');
    assert.deepEqual(
      [given?.actor, given?.reason, given?.planDigest],
      ['local:bob', 'seen', planDigest],
    );
  });

  await t.test(
    'an approval where none is awaited, or of another plan, is refused at once and not put on record',
    async (t) => {
      const { get, post, under, serve } = await judging(t);
      const { planDigest } = (await get('/v1/deployments/d2')).body as RequestAnswer['deployment'];
      const approve = (digest: string) =>
        post('/v1/deployments/d2/approve', { ...intent, planDigest: digest });

      const other = await approve(`sha256:${'0'.repeat(64)}`);
      const none = await approve(planDigest);
      serve();
      await under.ended(2);

      for (const answer of [other, none]) {
        assert.deepEqual([answer.status, problemOf(answer).code], [409, 'request-declined']);
      }
      assert.match(problemOf(other).detail, new RegExp(`${planDigest}; approved was sha256:000`));
      assert.match(problemOf(none).detail, /No approval is awaited at judge-\d+\.$/);
      assert.equal(bodiesOf(await under.audit(2), 'OperatorAsked').length, 0);
    },
  );

  await t.test(
    'what cannot be done any more, or is wrong, is refused and changes nothing',
    async (t) => {
      const { ask, post, under, serve } = await judging(t);
      const wrong = {
        'no actor': await post('/v1/deployments/d2/pause', { reason: '' }),
        'a time of a moment': await ask('pause', { forMs: 5 }),
        'a time of a month': await ask('pause', { forMs: 30 * 86_400_000 }),
        'a time of its own': await ask('resume', { forMs: 5_000 }),
        'an unknown key': await ask('pause', { until: 'monday' }),
      };
      serve();
      await under.ended(2);
      const late = await ask('pause');
      const unknown = await post('/v1/deployments/d9/resume', intent);

      for (const [title, answer] of Object.entries(wrong)) {
        assert.deepEqual([answer.status, problemOf(answer).code], [400, 'request-invalid'], title);
      }
      assert.deepEqual([late.status, problemOf(late).code], [409, 'request-too-late']);
      assert.deepEqual([unknown.status, problemOf(unknown).code], [404, 'not-found']);
      assert.equal(bodiesOf(await under.audit(2), 'OperatorAsked').length, 0);
    },
  );
});
