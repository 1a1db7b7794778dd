import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test, type TestContext } from 'node:test';
import { aDeployRequest } from '../../test/support/api/a-deploy-request.ts';
import { apiUnderTest, problemOf, type ApiAnswer } from '../../test/support/api/api-under-test.ts';
import { testPostgres } from '../../test/support/store/test-postgres.ts';
import { until } from '../../test/support/until.ts';
import type { DeployRequest } from './contract/deploy-request.ts';
import type { DeploymentAnswer } from './contract/answers.ts';
import { listDeployments } from '../store/deployment-store.ts';

const json = { 'content-type': 'application/json' };

test('bad requests change nothing and are told what is wrong', async (t) => {
  const postgres = await testPostgres(t);
  const api = await apiUnderTest(t, postgres);
  const { under, send, post, get, raw } = api;
  const recorded = () => listDeployments(under.store.database, { limit: 100 });

  await t.test('what is no JSON of the right form is refused', async () => {
    const full = JSON.stringify(aDeployRequest('1.0'));
    const bodies = {
      'no JSON': 'hello',
      'an empty body': '',
      'a trailing comma': '{"a":1,}',
      'half a document': full.slice(0, -10),
      'depth 100,000': '['.repeat(100_000) + ']'.repeat(100_000),
      'depth in a place for anything': full.replace(
        '"timeout":2000',
        `"timeout":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
      ),
      'a NUL': full.replace('because', '\\u0000'),
      'half of a surrogate pair': full.replace('because', '\\ud800'),
      'a number that is rounded': full.replace('"instances":2', '"instances":9007199254740993'),
      'a fraction of an instance': full.replace('"instances":2', '"instances":2.5'),
      'a list': '[]',
      null: 'null',
      'a prototype': full.replace('"reason"', '"__proto__":{"x":1},"reason"'),
      'an unknown key': full.replace('"reason"', '"raeson"'),
    };
    for (const [name, text] of Object.entries(bodies)) {
      const answer = await send('POST', '/v1/deployments', { text, headers: json });
      refused(answer, 400, 'request-invalid', name);
    }
    assert.deepEqual(await recorded(), []);
  });

  await t.test(
    'values of the wrong kind or out of range are refused, naming the field',
    async () => {
      const good = aDeployRequest('1.0');
      const [service] = good.services;
      const release = (changes: object): unknown => ({
        release: { ...service.release, ...changes },
      });
      const version = (value: unknown): unknown => release({ version: value });
      const rollout = (changes: object): unknown => ({
        rollout: { ...service.rollout, ...changes },
      });
      const strategy = (value: unknown): unknown => rollout({ strategy: value });
      const weights = (values: readonly number[]): unknown =>
        strategy({
          kind: 'canary',
          steps: values.map((weight) => ({ weight, holdFor: 20, minSamples: 10 })),
        });
      const gate = (changes: object): unknown =>
        rollout({ gate: { ...service.rollout.gate, ...changes } });
      const listen = (port: unknown): unknown => {
        const { config } = service.balancer;
        const elsewhere = { ...config, listen: { host: '127.0.0.1', port } };
        return { balancer: { ...service.balancer, config: elsewhere } };
      };
      const target = (changes: object): unknown => {
        const { config } = service.target;
        return { target: { ...service.target, config: { ...config, ...changes } } };
      };
      const cases: readonly (readonly [field: string, changes: unknown])[] = [
        ['rollout.gate.compare', gate({ compare: ['errors', 'errors'] })],
        ['rollout.gate.resources.memory', gate({ resources: { memory: { limit: 0 } } })],
        ['rollout.gate.warmUp', gate({ warmUp: -1 })],
        ['rollout.gate.warmUp', gate({ warmUp: 1_000_001 })],
        ['release.version', version({ toString: 1 })],
        ['release.version', version('')],
        ['release.version', version('-rf')],
        ['release.version', version('2.0\r\nx-evil: 1')],
        ['release.version', version('2.0\u202e0.1')],
        ['release.version', version('2.0\u200b')],
        ['release.version', version('../../etc/passwd')],
        ['service', { service: 'web/../x' }],
        ['rollout.strategy.steps', weights([5, 5, 100])],
        ['rollout.strategy.steps', weights([100, 5])],
        ['rollout.strategy.steps', weights([50])],
        ['rollout.strategy.steps.0.weight', weights([0, 100])],
        ['rollout.strategy', strategy({ kind: 'yolo' })],
        ['rollout.strategy.batch', strategy({ kind: 'rolling', batch: { share: 1.5 } })],
        ['rollout.strategy.proof', strategy({ kind: 'blue-green', proof: 0 })],
        ['balancer.config.listen.port', listen(0)],
        ['balancer.config.listen.port', listen(65_536)],
        ['balancer.config.listen.port', listen('80')],
        ['probes', { probes: [] }],
        ['probes', { probes: Array(101).fill(service.probes[0]) }],
        ['rollout.drain', rollout({ drain: 2 ** 31 })],
        [
          'rollout.trip.timeouts',
          rollout({ trip: { ...service.rollout.trip, timeouts: 2 ** 31 } }),
        ],
        ['rollout.strategy.steps', weights(Array(101).fill(100))],
        ['release.artifactPath', release({ artifactPath: 'x'.repeat(4_097) })],
        ['target.config.command', target({ command: Array(1_001).fill('x') })],
        ['target.config.command', target({ command: ['x'.repeat(131_073)] })],
        [
          'target.config.env',
          target({
            env: Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`A${index}`, ''])),
          }),
        ],
        ['target.config.stopGrace', target({ stopGrace: 2 ** 31 })],
      ];
      const whole: typeof cases = [
        ['environment', { environment: '../../etc' }],
        ['environment', { environment: 'prod\u0443ction' }],
        ['actor', { actor: '' }],
        ['actor', { actor: 'ada\u001b[31m' }],
        ['services', { services: [] }],
        ['services', { services: [service, service] }],
        ['planDigest', { planDigest: 'x'.repeat(201) }],
        ['requestKey', { requestKey: 'x'.repeat(201) }],
        ...cases.map(
          ([field, changes]) =>
            [
              `services.0.${field}`,
              { services: [{ ...service, ...(changes as object) }] },
            ] as const,
        ),
      ];
      for (const [field, changes] of whole) {
        const answer = await post('/v1/deployments', { ...good, ...(changes as DeployRequest) });
        refused(answer, 400, 'request-invalid', JSON.stringify(changes));
        assert.match(
          problemOf(answer).detail,
          new RegExp(`(^|; )${field.replaceAll('.', '\\.')}[.:]`),
        );
      }
      assert.deepEqual(await recorded(), []);
    },
  );

  await t.test(
    'a driver that this Surefoot does not have is refused before anything is planned',
    async () => {
      const answer = await post(
        '/v1/deployments',
        aDeployRequest('1.0', {
          target: { ...aDeployRequest('1.0').services[0].target, driver: 'nowhere' },
        }),
      );

      refused(answer, 422, 'config-invalid', 'driver');
      assert.match(problemOf(answer).detail, /no target driver "nowhere"/);
    },
  );

  await t.test('another content type is refused', async () => {
    const text = JSON.stringify(aDeployRequest('1.0'));
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/jsonp',
      '',
    ]) {
      const headers = type === '' ? {} : { 'content-type': type };
      refused(
        await send('POST', '/v1/deployments', { text, headers }),
        400,
        'request-invalid',
        type,
      );
    }
    assert.deepEqual(await recorded(), []);
  });

  await t.test('ids that are none are refused, whatever they try', async () => {
    for (const id of [
      ...[
        '0',
        'd0',
        '-1',
        '1.5',
        '1e3',
        'd1x',
        'x',
        '9999999999',
        'NaN',
        'd%00',
        '%2e%2e%2fpasswd',
      ],
      ...['..%2f..%2f..%2fetc%2fpasswd', 'd1%0d%0aX-Evil:1', '%EF%BC%91', '%D9%A1', '%ff'],
    ]) {
      for (const path of [`/v1/deployments/${id}`, `/v1/deployments/${id}/events`]) {
        const answer = await get(path);
        assert.ok([400, 404].includes(answer.status), `${path}: ${answer.status}`);
        assert.match(answer.type, /^application\/problem\+json/, path);
      }
    }
    const outside = await raw(
      'GET /v1/deployments/../../../etc/passwd HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
    );
    assert.match(outside, /^HTTP\/1\.1 404 /);
  });

  await t.test('a deployment that does not exist is not found, by every verb', async () => {
    const intent = { actor: 'local:ada', reason: 'no' };
    refused(await get('/v1/deployments/d77'), 404, 'not-found', 'detail');
    refused(await get('/v1/deployments/77/events'), 404, 'not-found', 'events');
    refused(await post('/v1/deployments/d77/abort', intent), 404, 'not-found', 'abort');
    const back = { ...intent, environment: 'production', service: 'web' };
    refused(await post('/v1/rollbacks', back), 404, 'not-found', 'rollback');
    refused(await post('/v1/rollbacks/plan', back), 404, 'not-found', 'rollback plan');
  });

  await t.test('verbs and paths that do not exist are told so', async () => {
    for (const verb of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      refused(await send(verb, '/v1/deployments'), 404, 'not-found', verb);
    }
    refused(await get('/v1/deploymentz'), 404, 'not-found', 'path');
    refused(await get('/'), 404, 'not-found', 'root');
    const head = await send('HEAD', '/v1/status');
    assert.deepEqual([head.status, head.text], [200, '']);
    for (const verb of ['TRACE', 'CONNECT', 'BREW']) {
      const answer = await raw(
        `${verb} /v1/status HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
      );
      assert.doesNotMatch(answer, /^HTTP\/1\.1 2/, verb);
    }
    assert.equal((await get('/v1/status')).status, 200);
  });

  await t.test('a query out of range is refused', async () => {
    for (const query of ['limit=0', 'limit=1001', 'limit=x', 'limit=1.5']) {
      refused(await get(`/v1/deployments?${query}`), 400, 'request-invalid', query);
    }
    for (const query of ['tail=-1', 'tail=1e9', 'follow=maybe', 'deployment=../x']) {
      refused(
        await get(`/v1/logs?service=a&environment=b&${query}`),
        400,
        'request-invalid',
        query,
      );
    }
  });

  await t.test(
    'a body larger than the cap is refused, announced or in chunks without end',
    async () => {
      const announced = await raw(
        'POST /v1/deployments HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000000000\r\nconnection: close\r\n\r\n{',
      );
      assert.match(announced, /^HTTP\/1\.1 413 [^]*request-too-large/);

      const answer = await endlessBody(api.socketPath);
      assert.match(answer, /^HTTP\/1\.1 413 [^]*request-too-large/);
      assert.equal((await get('/v1/status')).status, 200);
    },
  );

  await t.test('none of this was a bug to the server', () => {
    assert.deepEqual(api.logged, []);
  });
});

test('a request that comes again starts nothing again', async (t) => {
  const postgres = await testPostgres(t);
  const ids = async (t: TestContext) => {
    const api = await apiUnderTest(t, postgres);
    const recorded = async () =>
      (await listDeployments(api.under.store.database, { limit: 100 })).map(({ number }) => number);
    return { ...api, recorded };
  };

  await t.test('twenty times at once with one key are one deployment', async (t) => {
    const { post, under, recorded } = await ids(t);
    const request = aDeployRequest('1.0', { requestKey: 'once' });

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post('/v1/deployments', request)),
    );

    const statuses = answers.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [...Array<number>(19).fill(200), 201]);
    assert.deepEqual(
      [...new Set(answers.map(({ body }) => (body as DeploymentAnswer).id))],
      ['d1'],
    );
    assert.deepEqual(await recorded(), [1]);
    assert.equal((await under.ended(1)).status, 'promoted');
  });

  await t.test(
    'after its end too, even though the release serves by then, and with the old plan',
    async (t) => {
      const { post, under } = await ids(t);
      const { actor, reason, ...wish } = aDeployRequest('1.0');
      const { digest } = (await post('/v1/plans', wish)).body as { digest: string };
      const request = { ...wish, actor, reason, requestKey: 'once', planDigest: digest };
      await post('/v1/deployments', request);
      await under.ended(1);

      const again = await post('/v1/deployments', request);

      assert.deepEqual([again.status, (again.body as DeploymentAnswer).status], [200, 'promoted']);
    },
  );

  await t.test('a key that came with another body is refused', async (t) => {
    const { post, under, recorded } = await ids(t);
    await post('/v1/deployments', aDeployRequest('1.0', { requestKey: 'once' }));
    await under.ended(1);

    for (const other of [
      aDeployRequest('2.0', { requestKey: 'once' }),
      aDeployRequest('1.0', { requestKey: 'once', reason: 'another' }),
    ]) {
      const answer = await post('/v1/deployments', other);
      refused(answer, 409, 'request-key-reused', 'other body');
      assert.match(problemOf(answer).detail, /started d1/);
    }
    assert.deepEqual(await recorded(), [1]);
  });

  await t.test(
    'without a key, of many at once one is started and the others are told which runs',
    async (t) => {
      const { post, under, recorded } = await ids(t);
      under.requestsPerLook = 0;

      const answers = await Promise.all(
        Array.from({ length: 10 }, () => post('/v1/deployments', aDeployRequest('1.0'))),
      );

      assert.equal(answers.filter(({ status }) => status === 201).length, 1);
      for (const answer of answers.filter(({ status }) => status !== 201)) {
        assert.ok(['scope-busy', 'plan-outdated', 'already-live'].includes(problemOf(answer).code));
        assert.equal(problemOf(answer).effect, 'none');
      }
      assert.deepEqual(await recorded(), [1]);
      await under.ended(1);
    },
  );

  await t.test('a client that hangs up in the middle leaves no half of a deployment', async (t) => {
    const { socketPath, under, recorded } = await ids(t);
    const text = JSON.stringify(aDeployRequest('1.0', { requestKey: 'once' }));
    const head = `POST /v1/deployments HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n`;

    await hangUpAfter(socketPath, head + text.slice(0, 100));
    await hangUpAfter(socketPath, head + text);

    await until('it is recorded', async () => (await recorded()).length > 0);
    assert.equal((await under.ended(1)).status, 'promoted');
    assert.deepEqual(await recorded(), [1]);
  });
});

function refused(answer: ApiAnswer, status: number, code: string, what: string): void {
  assert.equal(answer.status, status, `${what}: ${answer.text}`);
  assert.match(answer.type, /^application\/problem\+json/, what);
  const problem = problemOf(answer);
  assert.deepEqual([problem.code, problem.status, problem.effect], [code, status, 'none'], what);
  assert.ok(problem.title !== '' && problem.detail !== '', what);
}

/** Sends chunks for as long as the server takes them. */
async function endlessBody(socketPath: string): Promise<string> {
  const socket = connect(socketPath);
  let answer = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => (answer += chunk));
  socket.on('error', () => undefined);
  socket.write(
    'POST /v1/deployments HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
  );
  const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
  const send = (): void => {
    while (!socket.destroyed && answer === '' && socket.write(chunk));
  };
  socket.on('drain', send);
  send();
  await until(
    'the server has answered',
    () => answer.includes('request-too-large') || socket.destroyed,
  );
  socket.destroy();
  return answer;
}

async function hangUpAfter(socketPath: string, bytes: string): Promise<void> {
  const socket = connect(socketPath);
  await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
  socket.destroy();
}
