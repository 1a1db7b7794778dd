import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { systemClock, type Clock } from '../../src/platform/clock.ts';
import { until } from '../support/until.ts';
import { answersFor, promotedEvents, startingWith } from './deployment-answers.ts';
import {
  aDeployment,
  aPlan,
  aSummary,
  auditLines,
  ended,
  failed,
  gateCause,
  requested,
} from './deployment-builder.ts';
import { json, ndjson, problem, startFakeServer } from './fake-server.ts';
import { aProject } from './project-builder.ts';
import { runCommand, startCommand } from './run-command.ts';

const plan = aPlan();
const POST_DEPLOYMENT = 'POST /v1/deployments';
/** Waits, but not for long. */
const impatient: Clock = { ...systemClock, sleep: (_ms, signal) => systemClock.sleep(1, signal) };

test('deploy sends what is declared and ends with 0 when the release is promoted', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, answersFor(ndjson(...promotedEvents())));

  const { code, out, err } = await runCommand(['deploy', '--release', '2.0', '--reason', 'why'], {
    cwd: folder,
  });

  assert.equal(code, 0, err);
  assert.match(out, /d7 PROMOTED: newsroom 2\.0 serves production/);
  assert.match(err, /\[1\/17\] ok Check that 1\.0 runs/);
  const body = server.seen.find(({ path }) => path === '/v1/deployments')?.body as {
    services: [{ release: { version: string; artifactPath: string; artifactDigest: string } }];
    reason: string;
    requestKey: string;
  };
  const [{ release }] = body.services;
  assert.equal(release.version, '2.0');
  assert.equal(release.artifactPath, join(folder, 'releases/2.0'));
  assert.match(release.artifactDigest, /^sha256:[0-9a-f]{64}$/);
  assert.equal(body.reason, 'why');
  assert.match(body.requestKey, /^[0-9a-f-]{36}$/);
});

test('deploy ends with 3 when the release was taken back, and says why and what next', async (t) => {
  const folder = aProject(t);
  const summary = aSummary({ outcome: 'reverted', cause: gateCause });
  const lines = auditLines([requested(plan), ...failed(plan, gateCause), ended(summary)]);
  await startFakeServer(t, folder, answersFor(ndjson(...lines)));

  const { code, out } = await runCommand(['deploy', '--release', '2.0'], { cwd: folder });

  assert.equal(code, 3);
  for (const part of [/gate +errorRate/, /observed +1\.2 %/, /limit +0 %/, /window +held/]) {
    assert.match(out, part);
  }
  assert.match(out, /next +surefoot explain d7;/);
});

test('deploy ends with 4 when the deployment is held', async (t) => {
  const folder = aProject(t);
  const summary = aSummary({ outcome: 'held', cause: gateCause });
  await startFakeServer(t, folder, answersFor(ndjson(...auditLines([ended(summary)]))));

  const { code, out } = await runCommand(['deploy', '--release', '2.0'], { cwd: folder });

  assert.equal(code, 4);
  assert.match(out, /HELD: call someone/);
});

test('deploy --json prints the events and nothing else on stdout', async (t) => {
  const folder = aProject(t);
  const lines = [{ kind: 'heartbeat' }, ...promotedEvents()];
  await startFakeServer(t, folder, answersFor(ndjson(...lines)));

  const { code, out, err } = await runCommand(['deploy', '--release', '2.0', '--json'], {
    cwd: folder,
  });

  assert.equal(code, 0);
  assert.deepEqual(
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
    promotedEvents(),
  );
  assert.equal(err, '');
});

test('deploy --detach prints the id and does not wait', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, answersFor(ndjson()));

  const { code, out } = await runCommand(['deploy', '--release', '2.0', '--detach'], {
    cwd: folder,
  });

  assert.deepEqual([code, out], [0, 'd7\n']);
  assert.ok(server.seen.every(({ path }) => !path.includes('events')));
});

test('deploy --wait begins as soon as the other deployment has ended', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, answersFor(ndjson(...promotedEvents())));
  server.answer('POST /v1/deployments', (request, response) => {
    server.answer('POST /v1/deployments', json(aDeployment(), 201));
    problem(423, 'scope-busy', 'd6 is running.')(request, response);
  });
  server.answer('GET /v1/deployments', json([{ ...aDeployment(), id: 'd6', status: 'promoted' }]));

  const { code, err } = await runCommand(['deploy', '--release', '2.0', '--wait'], { cwd: folder });

  assert.equal(code, 0);
  assert.match(err, /Waiting: d6 is running\./);
});

test('deploy --wait looks until the other has ended, and asks again only then', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, answersFor(ndjson(...promotedEvents())));
  server.answer('POST /v1/deployments', problem(423, 'scope-busy', 'd6 is running.'));
  const last = { ...aDeployment(), id: 'd6', status: 'running' };
  let looks = 0;
  server.answer('GET /v1/deployments', (request, response) => {
    looks += 1;
    if (looks === 3) server.answer('POST /v1/deployments', json(aDeployment(), 201));
    json([{ ...last, status: looks < 3 ? 'running' : 'promoted' }])(request, response);
  });

  const { code } = await runCommand(['deploy', '--release', '2.0', '--wait'], {
    cwd: folder,
    clock: impatient,
  });

  assert.equal(code, 0);
  const asked = server.seen.filter(({ method, path }) => `${method} ${path}` === POST_DEPLOYMENT);
  assert.deepEqual([asked.length, looks], [2, 3]);
});

test('deploy --wait does not wait for what no wait will change', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, answersFor(ndjson(...promotedEvents())));
  server.answer('POST /v1/deployments', problem(423, 'scope-busy', 'd6 ended HELD.'));
  server.answer('GET /v1/deployments', json([{ ...aDeployment(), id: 'd6', status: 'held' }]));

  const { code, err } = await runCommand(['deploy', '--release', '2.0', '--wait'], {
    cwd: folder,
    clock: impatient,
  });

  assert.equal(code, 6);
  assert.match(err, /d6 ended HELD/);
  const asked = server.seen.filter(({ method, path }) => `${method} ${path}` === POST_DEPLOYMENT);
  assert.equal(asked.length, 2);
});

test('a server killed while it takes the request is asked again with the same key', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, answersFor(ndjson(...promotedEvents())));
  server.answer('POST /v1/deployments', (_request, response) => {
    server.answer('POST /v1/deployments', json(aDeployment(), 200));
    response.destroy();
  });

  const { code } = await runCommand(['deploy', '--release', '2.0'], { cwd: folder });

  assert.equal(code, 0);
  const keys = server.seen
    .filter(({ method, path }) => method === 'POST' && path === '/v1/deployments')
    .map(({ body }) => (body as { requestKey: string }).requestKey);
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
});

test('watch goes on where it was after the server was killed and started again', async (t) => {
  const folder = aProject(t);
  const [first, ...others] = promotedEvents();
  const server = await startFakeServer(
    t,
    folder,
    answersFor((_request, response) => {
      response.writeHead(200);
      // Half of a line stands at the end, as after kill -9.
      response.write(`${JSON.stringify(first)}\n{"kind":"aud`);
    }),
  );
  const running = startCommand(t, ['watch', '7', '--json'], { cwd: folder });
  await until('the first event is shown', () => running.out().includes('DeploymentRequested'));

  await server.kill();
  await until('the loss is told', () => running.err().includes('The server is away'));
  server.answer('GET /v1/deployments/d7/events', ndjson(first, ...others));
  await server.restart();

  assert.equal(await running.code, 0);
  assert.match(running.err(), /The server is back/);
  assert.equal(running.out().match(/DeploymentRequested/g)?.length, 1);
  assert.ok(server.seen.some(({ path }) => path.endsWith('events?after=100')));
});

test('watch --timeout stops with exit code 5 and leaves the deployment alone', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, answersFor(startingWith()));

  const { code, err } = await runCommand(['watch', 'd7', '--timeout', '200ms'], { cwd: folder });

  assert.equal(code, 5);
  assert.match(err, /surefoot watch d7/);
  assert.ok(server.seen.every(({ method }) => method === 'GET'));
});
