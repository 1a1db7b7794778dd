import assert from 'node:assert/strict';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { aDeployRequest, aServiceRequest } from '../../test/support/api/a-deploy-request.ts';
import { apiUnderTest, linesOf, problemOf } from '../../test/support/api/api-under-test.ts';
import { bodiesOf, isJudging } from '../../test/support/engine/run-deployment.ts';
import { poolOf, scope } from '../../test/support/engine/simulated-surroundings.ts';
import { testPostgres } from '../../test/support/store/test-postgres.ts';
import { until } from '../../test/support/until.ts';
import { readAudit } from '../store/audit-store.ts';
import { listDeployments } from '../store/deployment-store.ts';
import type {
  DeploymentAnswer,
  DeploymentDetailAnswer,
  EventLine,
  PlanAnswer,
  StatusAnswer,
  TrafficAnswer,
} from './contract/answers.ts';
import { explanationSchema } from './contract/explanation-schema.ts';

test('the API deploys, shows and goes back', async (t) => {
  const postgres = await testPostgres(t);
  const serving = async (t: TestContext) => {
    const api = await apiUnderTest(t, postgres);
    await api.under.deploy('1.0');
    return api;
  };

  await t.test('its socket is open to nobody else', async (t) => {
    const { socketPath } = await apiUnderTest(t, postgres);

    assert.equal(statSync(socketPath).mode & 0o777, 0o600);
  });

  await t.test('a plan is made without changing anything, and without secrets', async (t) => {
    const { under, post, get } = await apiUnderTest(t, postgres);
    const { actor: _actor, reason: _reason, ...wish } = aDeployRequest('1.0');

    const answer = await post('/v1/plans', wish);

    assert.equal(answer.status, 200);
    const { plan, digest } = answer.body as PlanAnswer;
    assert.equal(plan.id, 'd1');
    assert.match(digest, /^sha256:[0-9a-f]{64}$/);
    assert.doesNotMatch(answer.text, /secret-value/);
    assert.deepEqual(under.seen, []);
    assert.deepEqual((await get('/v1/deployments')).body, []);
  });

  await t.test('the traffic of what serves is measured, when there is enough of it', async (t) => {
    const { under, get } = await serving(t);
    const traffic = () => get('/v1/traffic?environment=production&service=web');
    const { body: before } = await traffic();

    under.balancer.send(scope, 2_000);
    // Its second must be over.
    await until('it is known', async () => (await traffic()).body !== null);
    const { body: measured } = await traffic();
    const { body: unknown } = await get('/v1/traffic?environment=production&service=none');
    const incomplete = await get('/v1/traffic?service=web');

    assert.deepEqual([before, unknown], [null, null]);
    const { requests, traffic: found } = measured as NonNullable<TrafficAnswer>;
    assert.ok(requests >= 2_000);
    assert.equal(found.errorRate, 0);
    assert.ok(found.requestsPerSecond > 0 && found.latencyMs.p99 >= found.latencyMs.p50);
    assert.equal(problemOf(incomplete).code, 'request-invalid');
  });

  await t.test('a release is deployed and followed live to its end', async (t) => {
    const { post, open, get } = await serving(t);

    const started = await post('/v1/deployments', aDeployRequest('2.0'));
    const stream = await open('/v1/deployments/d2/events');
    const lines = await linesOf(stream);

    assert.equal(started.status, 201);
    assert.equal(stream.headers['content-type'], 'application/x-ndjson');
    const entries = lines.flatMap((line) => (line.kind === 'audit' ? [line.entry] : []));
    assert.equal(entries[0]?.body.kind, 'DeploymentRequested');
    assert.equal(entries.at(-1)?.body.kind, 'DeploymentEnded');
    assert.ok(lines.some((line) => line.kind === 'progress'));
    const { status, plan, summary } = (await get('/v1/deployments/d2'))
      .body as DeploymentDetailAnswer;
    assert.deepEqual([status, plan.id, summary?.outcome], ['promoted', 'd2', 'promoted']);
  });

  await t.test('events are replayed from where a client left off', async (t) => {
    const { open } = await serving(t);
    const all = await linesOf(await open('/v1/deployments/1/events'));
    const after = sequences(all)[4] ?? 0;

    const rest = await linesOf(await open(`/v1/deployments/d1/events?after=${after}`));

    assert.deepEqual(sequences(rest), sequences(all).slice(5));
    assert.equal(rest.at(-1)?.kind, 'audit');
  });

  await t.test(
    'a client that goes away, or asks for the head only, leaves no listener behind',
    async (t) => {
      const { under, open, send, post } = await serving(t);
      under.requestsPerLook = 0;
      await post('/v1/deployments', aDeployRequest('2.0'));
      await until('the traffic is judged', () => isJudging(under));
      let listening = 0;
      const { progress } = under.engine;
      const { subscribe } = progress;
      Object.assign(progress, {
        subscribe: (callback: Parameters<typeof subscribe>[0]) => {
          const stop = subscribe(callback);
          listening += 1;
          return () => {
            listening -= 1;
            stop();
          };
        },
      });

      const stream = await open('/v1/deployments/d2/events');
      await new Promise((resolve) => stream.once('data', resolve));
      assert.equal(listening, 1);
      stream.destroy();

      await until('nobody listens', () => listening === 0);
      assert.equal((await send('HEAD', '/v1/deployments/d2/events')).status, 200);
      assert.equal(listening, 0);
      await post('/v1/deployments/d2/abort', { actor: 'local:ada', reason: 'enough' });
      await under.ended(2);
    },
  );

  await t.test('an abort reverts, and after the end it comes too late', async (t) => {
    const { under, post } = await serving(t);
    under.requestsPerLook = 0;
    await post('/v1/deployments', aDeployRequest('2.0'));
    await until('the traffic is judged', () => isJudging(under));

    const accepted = await post('/v1/deployments/d2/abort', { actor: 'local:ada', reason: 'no' });

    assert.equal(accepted.status, 200);
    assert.equal((await under.ended(2)).status, 'reverted');
    const late = await post('/v1/deployments/d2/abort', { actor: 'local:ada', reason: 'no' });
    assert.deepEqual([late.status, problemOf(late).code], [409, 'request-too-late']);
  });

  await t.test(
    'a deployment is explained in the form that is described, at any time',
    async (t) => {
      const { under, post, get, open } = await serving(t);
      under.requestsPerLook = 0;
      await post('/v1/deployments', aDeployRequest('2.0'));
      await until('the traffic is judged', () => isJudging(under));

      await until('somebody has looked', () => under.engine.progress.lastOf(2) !== null);
      const running = explanationSchema.parse((await get('/v1/deployments/d2/explanation')).body);
      const stream = await open('/v1/deployments/d2/events?after=1000000');
      const [chunk] = (await once(stream, 'data')) as [Buffer];
      stream.destroy();
      await post('/v1/deployments/d2/abort', { actor: 'local:ada', reason: 'wrong day' });
      await under.ended(2);
      const ended = explanationSchema.parse((await get('/v1/deployments/d2/explanation')).body);
      const first = explanationSchema.parse((await get('/v1/deployments/d1/explanation')).body);

      assert.deepEqual([running.status, running.steps.at(-1)?.outcome], ['running', 'running']);
      assert.equal(running.steps.at(-1)?.judged?.verdict, 'INCONCLUSIVE');
      assert.match(chunk.toString(), /^\{"kind":"progress".*"look":\{/);
      assert.equal(under.engine.progress.lastOf(2), null);
      assert.deepEqual([ended.status, ended.cause?.code], ['reverted', 'aborted']);
      assert.match(ended.sentence, /wrong day/);
      const judged = ended.steps.find(({ judged }) => judged !== null)?.judged;
      assert.equal(judged?.verdict, 'INCONCLUSIVE');
      assert.ok(judged.findings.some(({ missing }) => missing !== null));
      assert.equal(first.status, 'promoted');
      assert.equal((await get('/v1/deployments/d99/explanation')).status, 404);
    },
  );

  await t.test(
    'a rollback is planned, then carried out under the digest that was seen',
    async (t) => {
      const { under, post } = await serving(t);
      await under.deploy('2.0');
      const ask = {
        environment: 'production',
        service: 'web',
        actor: 'local:ada',
        reason: 'back',
        requestKey: 'back-1',
      };
      const { digest } = (await post('/v1/rollbacks/plan', ask)).body as PlanAnswer;

      const outdated = await post('/v1/rollbacks', { ...ask, planDigest: 'sha256:old' });
      const started = await post('/v1/rollbacks', { ...ask, planDigest: digest });
      const repeated = await post('/v1/rollbacks', { ...ask, planDigest: digest });

      assert.deepEqual([outdated.status, problemOf(outdated).code], [409, 'plan-outdated']);
      assert.deepEqual([started.status, (started.body as DeploymentAnswer).id], [201, 'd3']);
      assert.deepEqual([repeated.status, (repeated.body as DeploymentAnswer).id], [200, 'd3']);
      assert.equal((await under.ended(3)).status, 'promoted');
      const [last] = await listDeployments(under.store.database, { limit: 1 });
      assert.equal(last?.plan.services[0].release.version, '1.0');
    },
  );

  await t.test('a rollback that comes again gets its deployment, even while it runs', async (t) => {
    const { under, post } = await serving(t);
    await under.deploy('2.0');
    under.engine.begin = () => Promise.resolve();
    const ask = { environment: 'production', service: 'web', actor: 'local:ada', reason: 'back' };
    const started = await post('/v1/rollbacks', { ...ask, requestKey: 'back-1' });

    const repeated = await post('/v1/rollbacks', { ...ask, requestKey: 'back-1' });
    const other = await post('/v1/rollbacks', { ...ask, reason: 'no', requestKey: 'back-1' });

    assert.deepEqual([started.status, repeated.status, other.status], [201, 200, 409]);
    assert.equal((repeated.body as DeploymentAnswer).id, 'd3');
    assert.equal(problemOf(other).code, 'request-key-reused');
  });

  await t.test('what is refused is recorded with who asked, of no deployment', async (t) => {
    const { under, post } = await serving(t);
    const intent = { actor: 'local:eve', reason: 'try' };
    const back = { ...intent, environment: 'production', service: 'web' };

    await post('/v1/deployments', aDeployRequest('1.0', intent));
    await post('/v1/deployments', aDeployRequest('2.0', { ...intent, planDigest: 'sha256:old' }));
    await post('/v1/rollbacks', back);
    await post('/v1/deployments/d1/abort', intent);
    under.engine.begin = () => Promise.resolve();
    await post('/v1/deployments', aDeployRequest('2.0'));
    await post('/v1/deployments', aDeployRequest('3.0', intent));
    await post('/v1/deployments', { ...aDeployRequest('3.0', intent), probes: [] });

    const entries = await readAudit(under.store.database, { after: 0, limit: 1_000 });
    const refusals = entries.filter(({ body }) => body.kind === 'RequestRefused');
    assert.deepEqual(
      bodiesOf(refusals, 'RequestRefused').map(({ request, failure, reason }) => [
        request,
        failure.code,
        reason,
      ]),
      [
        ['deploy', 'already-live', 'try'],
        ['deploy', 'plan-outdated', 'try'],
        ['rollback', 'not-found', 'try'],
        ['abort', 'request-too-late', 'try'],
        ['deploy', 'scope-busy', 'try'],
      ],
    );
    for (const { actor, scope, deployment } of refusals) {
      assert.deepEqual([actor, scope, deployment], ['local:eve', 'production/web', null]);
    }
  });

  await t.test('the status shows what serves, read just now', async (t) => {
    const { get } = await serving(t);

    const { version, driving, services } = (await get('/v1/status')).body as StatusAnswer;

    assert.deepEqual([version, driving, services.length], ['9.9.9', true, 1]);
    assert.equal(services[0]?.stable?.version, '1.0');
    assert.deepEqual(services[0].routing?.weights, { [poolOf(1)]: 100 });
    assert.equal(services[0].pools?.[0]?.instances.length, 2);
  });

  await t.test('deployments are listed newest first, by environment or service', async (t) => {
    const { under, get } = await serving(t);
    await under.deploy('1.0', {
      environment: 'staging',
      balancer: {
        ...(await record(under)).plan.services[0].balancer,
        listen: { host: '127.0.0.1', port: 8081 },
      },
    });
    const listed = async (query: string) =>
      ((await get(`/v1/deployments${query}`)).body as DeploymentAnswer[]).map(({ id }) => id);

    assert.deepEqual(await listed(''), ['d2', 'd1']);
    assert.deepEqual(await listed('?limit=1'), ['d2']);
    assert.deepEqual(await listed('?environment=production'), ['d1']);
    assert.deepEqual(await listed('?service=web'), ['d2', 'd1']);
    assert.deepEqual(await listed('?environment=production&service=other'), []);
  });

  await t.test('logs come from the pool that serves or that a deployment brought', async (t) => {
    const { under, open, get } = await serving(t);
    under.target.releases.set('2.0', 'exits');
    await under.deploy('2.0');

    const texts = async (query: string) =>
      (await linesOf(await open(`/v1/logs?${query}`))).map(
        (line) => (line as unknown as { text: string }).text,
      );

    assert.deepEqual(await texts('environment=production&service=web'), ['ready', 'ready']);
    assert.deepEqual(await texts('deployment=d2&tail=1'), ['giving up']);
    for (const query of ['deployment=d77', 'environment=production&service=none']) {
      assert.equal((await get(`/v1/logs?${query}`)).status, 404, query);
    }
    assert.equal((await get('/v1/logs?service=web')).status, 400);
  });

  await t.test(
    'logs of what checks have stopped say so, and where their evidence lies',
    async (t) => {
      const { under, post, get } = await serving(t);
      const check = {
        ...{ name: 'lint', run: ['lint'], needs: [], plant: {}, plantApart: {}, env: {} },
        ...{ report: { driver: 'sarif', config: {} }, timeout: 1_000, cpus: 1 },
      };
      const validation = {
        ...{ source: '/releases/2.0', isArtifact: false, timeBoxMs: 60_000, reuseMs: 60_000 },
        ...{ waivers: [], vex: [], checks: [check], secretValues: [] },
      };
      under.work.validate = () =>
        Promise.resolve({
          ...{ checks: [], outcome: 'ERROR', source: null, sourceRefusal: null, compliance: null },
          waiversMet: new Set(),
          evidence: '/state/checks/1-web',
        });

      const request = aDeployRequest('2.0');

      await post('/v1/deployments', {
        ...request,
        services: [aServiceRequest('2.0', { validation })],
      });
      await under.ended(2);
      const logs = await get('/v1/logs?deployment=d2');

      assert.equal(logs.status, 404);
      assert.equal(
        problemOf(logs).detail,
        'Nothing of web 2.0 was started: its checks stopped d2. What they left lies in /state/checks/1-web',
      );
    },
  );

  await t.test('the document of the API names every route', async (t) => {
    const { get } = await apiUnderTest(t, postgres);

    const { openapi, paths } = (await get('/v1/openapi.json')).body as {
      openapi: string;
      paths: Record<string, object>;
    };

    assert.equal(openapi, '3.1.0');
    assert.deepEqual(
      Object.entries(paths)
        .flatMap(([path, verbs]) => Object.keys(verbs).map((verb) => `${verb} ${path}`))
        .sort(),
      [
        'get /v1/deployments',
        'get /v1/deployments/{id}',
        'get /v1/deployments/{id}/events',
        'get /v1/deployments/{id}/explanation',
        'get /v1/freezes',
        'get /v1/logs',
        'get /v1/status',
        'get /v1/traffic',
        'post /v1/backups/switched',
        'post /v1/deployments',
        'post /v1/deployments/{id}/abort',
        'post /v1/deployments/{id}/approve',
        'post /v1/deployments/{id}/pause',
        'post /v1/deployments/{id}/promote',
        'post /v1/deployments/{id}/resume',
        'post /v1/freezes',
        'post /v1/freezes/lift',
        'post /v1/plans',
        'post /v1/rollbacks',
        'post /v1/rollbacks/plan',
      ],
    );
  });
});

function sequences(lines: readonly EventLine[]): readonly number[] {
  return lines.flatMap((line) => (line.kind === 'audit' ? [line.entry.sequence] : []));
}

async function record(under: Awaited<ReturnType<typeof apiUnderTest>>['under']) {
  const [first] = await listDeployments(under.store.database, { limit: 1 });
  assert.ok(first);
  return first;
}
