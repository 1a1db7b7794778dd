import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { startAnswerLosingProxy } from '../../../../test/support/edge/answer-losing-proxy.ts';
import { aPool, aRouting } from '../../../../test/support/edge/routing-builder.ts';
import { createShiftedClock } from '../../../../test/support/edge/shifted-clock.ts';
import { freePort } from '../../../../tools/stand/free-port.ts';
import { defaultLimits } from '../../../core/model/request-limits.ts';
import { scopeOf, type PoolId } from '../../../core/model/ids.ts';
import { directListeners } from '../../../edge/direct-listeners.ts';
import { startEdge } from '../../../edge/start-edge.ts';
import { createLog } from '../../../platform/log.ts';
import { stateDirectoryAt } from '../../../platform/state-directory.ts';
import { describeBalancerHangs, type HangWorld } from '../../contract-suites/balancer-hangs.ts';
import { describeMirrorContract } from '../../contract-suites/balancer-mirror.ts';
import {
  describeBalancerRequests,
  type RequestWorld,
} from '../../contract-suites/balancer-requests.ts';
import { describeBalancerContract } from '../../contract-suites/balancer.ts';
import { edgeBalancer } from './driver.ts';

describeBalancerContract('edge', createWorld);
describeMirrorContract('edge', createWorld);
describeBalancerRequests('edge', createWorld);
describeBalancerHangs('edge', createWorld);

test('the address and the time-out are parsed into what a routing takes', () => {
  const config = edgeBalancer.config.parse({ listen: '127.0.0.1:8080', requestTimeout: '5s' });
  const defaulted = edgeBalancer.config.parse({ listen: '[::1]:80' });

  assert.deepEqual(config, {
    listen: { host: '127.0.0.1', port: 8080 },
    requestTimeout: 5_000,
    limits: defaultLimits,
  });
  assert.deepEqual(defaulted, {
    listen: { host: '::1', port: 80 },
    requestTimeout: 30_000,
    limits: defaultLimits,
  });
});

test('an address that cannot be listened on is refused with the reason', () => {
  const reasons: Readonly<Record<string, RegExp>> = {
    '8080': /host:port/,
    ':8080': /has no host/,
    '127.0.0.1:0': /1 to 65535/,
    '127.0.0.1:65536': /1 to 65535/,
    '127.0.0.1:http': /host:port/,
    'example.org:80': /no IP or localhost/,
    '::1:80': /host:port/,
    '': /host:port/,
  };

  for (const [listen, reason] of Object.entries(reasons)) {
    const result = edgeBalancer.config.safeParse({ listen });
    assert.equal(result.success, false, listen);
    assert.match(result.error.issues[0]?.message ?? '', reason, listen);
  }
  assert.equal(edgeBalancer.config.safeParse({ listen: 8080 }).success, false);
  assert.equal(edgeBalancer.config.safeParse({ listen: 'localhost:80', extra: 1 }).success, false);
});

test('limits that are left out are those of the edge, and each may be given', () => {
  const limitsOf = (limits?: unknown) =>
    edgeBalancer.config.parse({ listen: 'localhost:80', ...(limits !== undefined && { limits }) })
      .limits;

  assert.deepEqual(limitsOf(), defaultLimits);
  assert.deepEqual(limitsOf({ requestBody: '2GiB', idleTimeout: '5m', keepAliveRequests: 1 }), {
    ...defaultLimits,
    bodyBytesMax: 2 * 1024 ** 3,
    idleTimeoutMs: 300_000,
    keepAliveRequestsMax: 1,
  });
  for (const wrong of [
    { requestHead: '65KiB' },
    { requestBody: 5 },
    { idleTimeout: '0s' },
    { a: 1 },
  ]) {
    assert.equal(
      edgeBalancer.config.safeParse({ listen: 'localhost:80', limits: wrong }).success,
      false,
      JSON.stringify(wrong),
    );
  }
});

test('without an edge process every verb says that it is not reachable', async () => {
  const balancer = edgeBalancer.connect(
    { listen: { host: '127.0.0.1', port: 1 }, requestTimeout: 1, limits: defaultLimits },
    { stateDirectory: '/nonexistent' },
  );

  await assert.rejects(
    balancer.observe(scopeOf('test', 'web'), { signal: new AbortController().signal }),
    (error: { failure: { code: string; effect: string } }) =>
      error.failure.code === 'agent-unreachable' && error.failure.effect === 'none',
  );
});

async function createWorld(): Promise<RequestWorld & HangWorld> {
  const root = await mkdtemp(join(tmpdir(), 'sf-eb-'));
  const directory = stateDirectoryAt(join(root, 'e'));
  const clock = createShiftedClock();
  const edge = await startEdge({
    stateDirectory: directory,
    clock,
    listenerSource: directListeners(),
    log: createLog(),
  });
  // What the driver sees is another directory, whose socket leads through the proxy.
  const seen = stateDirectoryAt(join(root, 's'));
  await mkdir(seen.root);
  const proxy = await startAnswerLosingProxy(seen.edgeSocket, directory.edgeSocket);
  const scope = scopeOf('test', 'web');
  const stable = 'test.web.1' as PoolId;
  const candidate = 'test.web.2' as PoolId;
  const statuses: Record<PoolId, number | null> = { [stable]: 200, [candidate]: 200 };
  const stableBackend = await startService(stable, () => statuses[stable] ?? null);
  const candidateBackend = await startService(candidate, () => statuses[candidate] ?? null);
  const port = await freePort();
  return {
    balancer: edgeBalancer.connect(
      { listen: { host: '127.0.0.1', port }, requestTimeout: 10_000, limits: defaultLimits },
      { stateDirectory: seen.root },
    ),
    scope,
    stable,
    candidate,
    routing: aRouting({
      scope,
      port,
      pools: [
        aPool(stable, 100, [stableBackend.port]),
        aPool(candidate, 0, [candidateBackend.port]),
      ],
    }),
    passTime: async (ms) => clock.advance(ms),
    async send(count) {
      const statuses: number[] = [];
      for (let index = 0; index < count; index += 1) {
        const answer = await fetch(`http://127.0.0.1:${port}/`);
        await answer.arrayBuffer();
        statuses.push(answer.status);
      }
      return statuses;
    },
    async ask({ client, isUnsafe }) {
      const answer = await fetch(`http://127.0.0.1:${port}/`, {
        headers: client === undefined ? {} : { 'x-client': client },
        ...(isUnsafe && { method: 'POST', body: 'x' }),
      });
      await answer.arrayBuffer();
      return { status: answer.status, pool: answer.headers.get('x-pool') as PoolId | null };
    },
    answerWith(instance, status) {
      statuses[instance.startsWith(candidate) ? candidate : stable] = status;
    },
    breakCandidate() {
      statuses[candidate] = 500;
    },
    hangCandidate() {
      statuses[candidate] = null;
    },
    loseNextAnswer: () => proxy.loseNextAnswer(),
    async close() {
      await edge.close(0);
      await Promise.all([proxy.close(), stableBackend.close(), candidateBackend.close()]);
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Every answer says which pool it comes from; with a status of null there is none. */
async function startService(
  pool: PoolId,
  status: () => number | null,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((_request, response) => {
    const statusCode = status();
    if (statusCode === null) return;
    response.statusCode = statusCode;
    response.setHeader('x-pool', pool);
    response.end('answer');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
