import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { RequestListener, ServerResponse } from 'node:http';
import { connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import test, { type TestContext } from 'node:test';
import { startBackend } from '../../test/support/edge/backend.ts';
import { scope, stable, stateDirectoryUnderTest } from '../../test/support/edge/edge-under-test.ts';
import { rawRequest } from '../../test/support/edge/raw-request.ts';
import { aPool, aRouting } from '../../test/support/edge/routing-builder.ts';
import { until } from '../../test/support/until.ts';
import { freePort } from '../../tools/stand/free-port.ts';
import type { Routing } from '../core/model/routing.ts';
import { callControl } from '../platform/control-client.ts';
import type { StateDirectory } from '../platform/state-directory.ts';

const REQUEST_TIMEOUT_MS = 1_500;

const linuxOnly = process.platform === 'linux' ? {} : { skip: 'queues are read in /proc' };

interface EdgeProcess {
  readonly child: ChildProcess;
  workerPid(): Promise<number>;
  call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown>;
}

test('connections made while the worker is dead are served by the next one', async (t) => {
  const { edge, port } = await servedEdge(t);
  const killed = await edge.workerPid();
  process.kill(killed, 'SIGKILL');

  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      rawRequest(port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', {
        limitMs: 20_000,
      }),
    ),
  );

  assert.deepEqual(
    answers.map((answer) => answer.text.slice(0, 15)),
    answers.map(() => 'HTTP/1.1 200 OK'),
  );
  assert.notEqual(await edge.workerPid(), killed);
});

test('what is answered while the worker is stopped is not late when it goes on', async (t) => {
  const waiting: ServerResponse[] = [];
  const handler: RequestListener = (_request, response) => waiting.push(response);
  const { edge, port } = await servedEdge(t, { handler, requestTimeoutMs: REQUEST_TIMEOUT_MS });
  const worker = await edge.workerPid();
  const requests = Array.from({ length: 10 }, () => fetch(`http://127.0.0.1:${port}`));
  await until('the backend has all requests', () => waiting.length === requests.length);

  process.kill(worker, 'SIGSTOP');
  const sinceMs = performance.now();
  for (const response of waiting) response.end('answered');
  await until('all would be late', () => performance.now() > sinceMs + REQUEST_TIMEOUT_MS);
  process.kill(worker, 'SIGCONT');

  const statuses = (await Promise.all(requests)).map(({ status }) => status);
  assert.deepEqual([...new Set(statuses)], [200]);
});

test('a thousand connections wait for a worker that is away', linuxOnly, async (t) => {
  const { edge, port } = await servedEdge(t);
  const worker = await edge.workerPid();
  process.kill(worker, 'SIGSTOP');

  const clients = Array.from({ length: 1_000 }, () => connect(port, '127.0.0.1'));
  // Closed by the edge's end, when the test is over.
  for (const client of clients) client.on('error', () => undefined);
  t.after(() => clients.forEach((client) => client.destroy()));

  try {
    await until('all of them wait', async () => (await waitingOn(port)) === clients.length);
  } finally {
    process.kill(worker, 'SIGCONT');
  }
});

test('a worker that is killed again and again comes back with the routing that was in force', async (t) => {
  const { edge, port, routing } = await servedEdge(t);

  for (let round = 0; round < 3; round += 1) {
    const killed = await edge.workerPid();
    process.kill(killed, 'SIGKILL');
    await until('another worker runs', async () => (await edge.workerPid()) !== killed);
  }

  const answer = await rawRequest(port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', {
    limitMs: 20_000,
  });
  assert.match(answer.text, /^HTTP\/1\.1 200/);
  await until('the control socket answers', () => answers(edge));
  const observed = await edge.call('GET', `/v1/routing?scope=${encodeURIComponent(scope)}`);
  assert.deepEqual((observed as { routing: Routing }).routing, routing);
});

test('the worker ends when its parent is gone and a new parent takes the port over', async (t) => {
  const { edge, port, startProcess } = await servedEdge(t);
  const worker = await edge.workerPid();
  const open = connect(port, '127.0.0.1');
  await once(open, 'connect');
  edge.child.kill('SIGKILL');

  const next = startProcess();
  // Before it is gone, the old worker may be the one that answers.
  await until('the old worker is gone', () => !isRunning(worker), 20_000);
  await until('the next edge answers', () => answers(next), 20_000);

  const answer = await rawRequest(port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  assert.match(answer.text, /^HTTP\/1\.1 200/);
  open.destroy();
});

test('SIGTERM ends parent and worker with status 0', async (t) => {
  const { edge, port } = await servedEdge(t);
  const worker = await edge.workerPid();

  edge.child.kill('SIGTERM');

  const [code] = (await once(edge.child, 'exit')) as [number | null];
  assert.equal(code, 0);
  assert.equal(isRunning(worker), false);
  await assert.rejects(rawRequest(port, 'GET / HTTP/1.1\r\n\r\n'), { code: 'ECONNREFUSED' });
});

test('a port that another process holds is refused with its name and opens nothing', async (t) => {
  const { startProcess } = await edgeFolder(t);
  const edge = startProcess();
  await until('the edge answers', () => answers(edge));
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  t.after(() => holder.close());
  const { port } = holder.address() as { port: number };

  await assert.rejects(
    edge.call('POST', '/v1/apply', {
      routing: aRouting({ scope, port, pools: [aPool(stable, 100, [1])] }),
      token: { deployment: 1, sequence: 1 },
    }),
    (error: { failure: { code: string; message: string; effect: string } }) => {
      assert.equal(error.failure.code, 'port-unavailable');
      assert.match(error.failure.message, new RegExp(String(port)));
      assert.equal(error.failure.effect, 'none');
      return true;
    },
  );

  assert.equal(await edge.call('GET', `/v1/routing?scope=${encodeURIComponent(scope)}`), null);
});

async function servedEdge(
  t: TestContext,
  options: { readonly handler?: RequestListener; readonly requestTimeoutMs?: number } = {},
): Promise<{
  edge: EdgeProcess;
  port: number;
  startProcess: () => EdgeProcess;
  routing: Routing;
}> {
  const { startProcess } = await edgeFolder(t);
  const { handler, ...timeout } = options;
  const backend = await startBackend(t, handler);
  const edge = startProcess();
  await until('the edge answers', () => answers(edge), 20_000);
  const port = await freePort();
  const pools = [aPool(stable, 100, [backend.port])];
  const routing = aRouting({ scope, port, pools, ...timeout });
  await edge.call('POST', '/v1/apply', { routing, token: { deployment: 1, sequence: 1 } });
  return { edge, port, startProcess, routing };
}

/** As many edges as are started in one state directory, all of them ended before it is removed. */
async function edgeFolder(t: TestContext): Promise<{ startProcess: () => EdgeProcess }> {
  const children: ChildProcess[] = [];
  const directory = await stateDirectoryUnderTest(t, async () => {
    await Promise.all(children.map(ended));
  });
  return {
    startProcess() {
      const edge = startEdgeProcess(directory);
      children.push(edge.child);
      return edge;
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

function startEdgeProcess(directory: StateDirectory): EdgeProcess {
  const modules = (path: string) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)));
  const program =
    `const { runEdge } = await import(${modules('./edge-process.ts')});` +
    `const { stateDirectoryAt } = await import(${modules('../platform/state-directory.ts')});` +
    `await runEdge({ stateDirectory: stateDirectoryAt(process.argv[1]) });`;
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', program, directory.root],
    { stdio: ['ignore', 'inherit', 'ignore'] },
  );
  return {
    child,
    async workerPid() {
      let pid = 0;
      await until('a worker runs', async () => {
        const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
        pid = Number(children.trim().split(' ')[0]);
        return pid > 0;
      });
      return pid;
    },
    call: (method, path, body) =>
      callControl(directory.edgeSocket, {
        method,
        path,
        body,
        signal: AbortSignal.timeout(15_000),
      }),
  };
}

async function answers(edge: EdgeProcess): Promise<boolean> {
  try {
    await edge.call('GET', '/v1/routings');
    return true;
  } catch {
    // Not yet: it has no socket or none that is served.
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: there is no such process.
    return false;
  }
}

/** Connections that are made and that nobody has accepted yet. */
async function waitingOn(port: number): Promise<number> {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = (await readFile('/proc/net/tcp', 'utf8')).split('\n').map((line) => line.trim());
  const listening = lines
    .map((line) => line.split(/\s+/))
    .find((fields) => {
      return fields[1] === local && fields[3] === '0A';
    });
  return Number.parseInt(listening?.[4]?.split(':')[1] ?? '0', 16);
}
