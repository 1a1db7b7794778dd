import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { readHistory } from './history.ts';
import { parseLoadOptions, type LoadOptions } from './load-options.ts';
import type { Mix, PlannedRequest } from './mix.ts';
import { startScriptedServer, type Script, type ScriptedServer } from './scripted-server.ts';
import { startLoad } from './start-load.ts';

function aMix(steps: readonly string[], more: Partial<Mix> = {}): Mix {
  return {
    name: 'scripted',
    versionHeader: 'x-newsroom-version',
    eventStreamPath: null,
    webSocketPath: null,
    slowKinds: [],
    keysPath: null,
    prepare: ({ runId }) =>
      Promise.resolve((index) => aStep(steps[index % steps.length] ?? '', runId, index)),
    ...more,
  };
}

function aStep(step: string, runId: string, index: number): PlannedRequest {
  const [method, path = '/'] = step.split(' ');
  const plain = { kind: 'page', path, headers: {} };
  if (method === 'GET') return { ...plain, method: 'GET', body: null, clientKey: null };
  return { ...plain, method: 'POST', body: '{}', clientKey: `${runId}-${index}` };
}

function theOptions(server: ScriptedServer, ...args: readonly string[]): LoadOptions {
  return parseLoadOptions(['--url', server.url, '--sse', '0', '--ws', '0', ...args], {
    mix: 'scripted',
    nowMs: 0,
  });
}

async function aServer(t: TestContext, script: Script = {}): Promise<ScriptedServer> {
  const server = await startScriptedServer(script);
  t.after(server.close);
  return server;
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('each kind of outcome is counted exactly', async (t) => {
  const server = await aServer(t);
  const steps = [
    'GET /',
    'POST /',
    'GET /status/500',
    'POST /status/503',
    'GET /reset',
    'POST /reset',
    'GET /truncate',
    'GET /hang',
    'POST /hang',
  ];
  const options = theOptions(server, '--rate', '180', '--duration', '0.2', '--timeout', '2');

  const { summary } = await (await startLoad(options, aMix(steps))).done;

  assert.equal(summary.requests, 36);
  assert.deepEqual(
    [summary.ok, summary.failed, summary.unknown, summary.idempotentFailed],
    [8, 20, 8, 16],
  );
  const { reset = 0, 'reset-reused': resetReused = 0, ...others } = summary.byReason;
  assert.equal(reset + resetReused, 8);
  assert.deepEqual(others, { 'status-500': 4, 'status-503': 4, truncated: 4, timeout: 8 });
  assert.equal(summary.byVersion['1.0']?.requests, 20);
  assert.equal(summary.byVersion['none']?.requests, 16);
});

test('the open loop goes on against a server that answers nothing', async (t) => {
  const held: ServerResponse[] = [];
  const server = await aServer(t, {
    // A client that waited for answers would never get to the fortieth request.
    answer(_request, response) {
      held.push(response);
      if (held.length === 40) for (const each of held) each.end();
    },
  });
  const options = theOptions(server, '--rate', '400', '--duration', '0.1');

  const { summary } = await (await startLoad(options, aMix(['GET /']))).done;

  assert.equal(summary.ok, 40);
  assert.ok(summary.latencyMs.max >= summary.latencyMs.p50);
});

test('stop ends the arrivals and still waits for what is in flight', async (t) => {
  const held: ServerResponse[] = [];
  const server = await aServer(t, { answer: (_request, response) => held.push(response) });
  const run = await startLoad(theOptions(server, '--duration', '600'), aMix(['POST /']));
  await until(() => held.length >= 3);

  run.stop();
  await until(() => {
    for (const response of held.splice(0)) response.end();
    return run.counts().inFlight === 0;
  });
  const { summary } = await run.done;

  assert.ok(summary.requests >= 3);
  assert.equal(summary.ok, summary.requests);
});

test('an event stream that ends is reopened; one that is cut is a failure', async (t) => {
  const server = await aServer(t, {
    streams: [
      (response) => response.end('data: bye\n\n'),
      (response) => response.write('data: hi\n\n', () => response.socket?.destroy()),
      (response) => response.write('data: stays\n\n'),
    ],
  });
  const mix = aMix(['GET /'], { eventStreamPath: '/events' });
  const options = theOptions(server, '--sse', '1', '--rate', '0.1', '--duration', '600');
  const run = await startLoad(options, mix);

  await until(() => server.seen.filter((line) => line === 'GET /events').length === 3);
  run.stop();
  const { summary } = await run.done;

  const { ok, failed, reconnected } = summary.byKind['sse'] ?? {};
  assert.deepEqual({ ok, failed, reconnected }, { ok: 2, failed: 1, reconnected: 1 });
  assert.deepEqual(summary.byReason, { cut: 1 });
  assert.equal(summary.idempotentFailed, 0);
});

test('an event stream that falls silent is a failure', async (t) => {
  const server = await aServer(t, { streams: [(response) => response.write('data: hi\n\n')] });
  const mix = aMix(['GET /'], { eventStreamPath: '/events' });
  const options = theOptions(server, '--sse', '1', '--duration', '600', '--timeout', '1');
  const run = await startLoad({ ...options, ratePerSecond: 0.1 }, mix);

  await until(() => run.counts().failed > 0);
  run.stop();
  const { summary } = await run.done;

  assert.ok((summary.byReason['silent'] ?? 0) > 0);
});

test('a WebSocket that says goodbye is reopened; one that is cut or mute is a failure', async (t) => {
  const fifth = Promise.withResolvers<string>();
  const server = await aServer(t, {
    webSockets: [
      (socket) => {
        socket.close(1001);
      },
      (socket) => {
        socket.terminate();
      },
      (socket) => {
        socket.close(1011);
      },
      () => undefined,
      (socket) => {
        socket.on('message', (data: Buffer) => {
          socket.send(JSON.stringify({ echo: data.toString('utf8') }));
          fifth.resolve('open');
        });
      },
    ],
  });
  const mix = aMix(['GET /'], { webSocketPath: '/live' });
  const options = theOptions(server, '--ws', '1', '--duration', '600', '--timeout', '2.5');
  const run = await startLoad({ ...options, ratePerSecond: 0.1 }, mix);

  await fifth.promise;
  run.stop();
  const { summary } = await run.done;

  const { ok, failed, reconnected } = summary.byKind['ws'] ?? {};
  assert.deepEqual({ ok, failed, reconnected }, { ok: 2, failed: 3, reconnected: 1 });
  assert.deepEqual(summary.byReason, { cut: 1, 'closed-1011': 1, 'echo-timeout': 1 });
});

test('the history holds every outcome and every mark', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'sf-load-'));
  t.after(() => rm(directory, { recursive: true }));
  const server = await aServer(t);
  const path = join(directory, 'history.ndjson');
  const options = theOptions(server, '--rate', '100', '--duration', '0.2', '--out', path);
  const run = await startLoad(options, aMix(['GET /', 'POST /status/500']));
  run.mark('cutover');

  const { summary } = await run.done;
  const history = await readHistory(path);

  assert.equal(history.outcomes.length, summary.requests);
  assert.equal(history.outcomes.filter(({ outcome }) => outcome === 'failed').length, 10);
  assert.deepEqual(
    history.marks.map(({ mark }) => mark),
    ['cutover'],
  );
});

test('a history that cannot be written fails the run', async (t) => {
  const server = await aServer(t);
  const path = join(tmpdir(), 'sf-no-such-directory', 'history.ndjson');
  const options = theOptions(server, '--rate', '10', '--duration', '0.1', '--out', path);

  const run = await startLoad(options, aMix(['GET /']));

  await assert.rejects(run.done, /ENOENT/);
});

test('acknowledged writes are counted at the server when the run is over', async (t) => {
  const present: { key: string; count: number }[] = [];
  const server = await aServer(t, {
    answer(request, response) {
      if (request.url?.startsWith('/keys') === true) {
        response.end(JSON.stringify({ keys: present }));
        return;
      }
      const index = server.seen.filter((line) => line.startsWith('POST')).length - 1;
      // The first is lost after it was acknowledged, the second is done twice.
      if (index > 0) present.push({ key: `r-${index}`, count: index === 1 ? 2 : 1 });
      response.end();
    },
  });
  const options = theOptions(server, '--rate', '20', '--duration', '0.2', '--run-id', 'r');
  const mix = aMix(['POST /'], { keysPath: '/keys' });

  const { verification } = await (await startLoad({ ...options, verify: true }, mix)).done;

  assert.deepEqual(verification, {
    acknowledged: 4,
    missing: ['r-0'],
    repeated: ['r-1'],
    doneUnacknowledged: 0,
    foreign: [],
    holds: false,
  });
});
