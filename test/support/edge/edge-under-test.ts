/** An edge in the test's own process on free ports and a short-named state directory. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { FencingToken } from '../../../src/core/model/fencing-token.ts';
import { scopeOf, type PoolId } from '../../../src/core/model/ids.ts';
import type { Routing, RoutingObservation } from '../../../src/core/model/routing.ts';
import type { TrafficReport } from '../../../src/core/model/traffic-report.ts';
import type { TrafficSample } from '../../../src/core/model/traffic-sample.ts';
import { directListeners } from '../../../src/edge/direct-listeners.ts';
import { startEdge, type Edge } from '../../../src/edge/start-edge.ts';
import { systemClock, type Clock } from '../../../src/platform/clock.ts';
import { callControl } from '../../../src/platform/control-client.ts';
import { createLog } from '../../../src/platform/log.ts';
import { stateDirectoryAt, type StateDirectory } from '../../../src/platform/state-directory.ts';
import { freePort } from '../../../tools/stand/free-port.ts';
import { aPool, aRouting } from './routing-builder.ts';

export const scope = scopeOf('test', 'web');
export const stable = 'test.web.1' as PoolId;
export const candidate = 'test.web.2' as PoolId;

export interface EdgeUnderTest {
  readonly directory: StateDirectory;
  /** Where clients connect. */
  readonly port: number;
  readonly url: string;
  /** Lines of its log, over all restarts. */
  readonly logged: readonly string[];
  apply(routing: Routing, token: FencingToken): Promise<RoutingObservation>;
  renew(token: FencingToken): Promise<unknown>;
  observe(): Promise<RoutingObservation>;
  samples(): Promise<readonly TrafficSample[]>;
  /** What it says of its traffic from now on, and of its mirror. */
  report(): Promise<TrafficReport>;
  call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown>;
  /** Closes and starts again with the same state, as after a death of the worker. */
  restart(options?: { readonly bootId?: string }): Promise<void>;
  /** At once, unless it is to let requests end for a while. */
  close(drainMs?: number): Promise<void>;
}

/** An edge that serves the stable pool alone, from the given ports. */
export async function startServingEdge(
  t: TestContext,
  ports: readonly number[],
  options: Partial<Routing> = {},
): Promise<EdgeUnderTest> {
  const edge = await startEdgeUnderTest(t);
  const pools = [aPool(stable, 100, ports)];
  await edge.apply(aRouting({ scope, port: edge.port, pools, ...options }), {
    deployment: 1,
    sequence: 1,
  });
  return edge;
}

/** The sum of one figure over all samples of a pool. */
export async function totalOf(
  edge: EdgeUnderTest,
  pool: string,
  what: Exclude<
    keyof TrafficSample,
    | 'epoch'
    | 'pool'
    | 'token'
    | 'slice'
    | 'latency'
    | 'failureLatency'
    | 'abandonedWaits'
    | 'second'
  >,
): Promise<number> {
  return (await edge.samples())
    .filter((sample) => sample.pool === pool)
    .reduce((sum, sample) => sum + sample[what], 0);
}

export interface EdgeUnderTestOptions {
  readonly clock?: Clock;
  readonly bootId?: string;
}

export async function startEdgeUnderTest(
  t: TestContext,
  options: EdgeUnderTestOptions = {},
): Promise<EdgeUnderTest> {
  let edge: Edge | null = null;
  const close = async (drainMs = 0) => {
    await edge?.close(drainMs);
    edge = null;
  };
  const directory = await stateDirectoryUnderTest(t, close);
  const clock = options.clock ?? systemClock;
  const logged: string[] = [];
  const start = (bootId = options.bootId): Promise<Edge> =>
    startEdge({
      stateDirectory: directory,
      clock,
      listenerSource: directListeners(),
      log: createLog({ write: (line) => logged.push(line) }),
      ...(bootId !== undefined && { bootId }),
    });
  edge = await start();
  const port = await freePort();
  const call = (method: 'GET' | 'POST', path: string, body?: unknown) =>
    callControl(directory.edgeSocket, { method, path, body, signal: AbortSignal.timeout(10_000) });
  const query = `scope=${encodeURIComponent(scope)}`;
  return {
    directory,
    port,
    url: `http://127.0.0.1:${port}`,
    logged,
    apply: (routing, token) =>
      call('POST', '/v1/apply', { routing, token }) as Promise<RoutingObservation>,
    renew: (token) => call('POST', '/v1/renew', { scope, token }),
    observe: () => call('GET', `/v1/routing?${query}`) as Promise<RoutingObservation>,
    async samples() {
      const report = await call('GET', `/v1/samples?${query}&fromSecond=0`);
      return (report as TrafficReport).samples;
    },
    report: () => call('GET', `/v1/samples?${query}&fromSecond=0`) as Promise<TrafficReport>,
    call,
    async restart(again = {}) {
      await close();
      edge = await start(again.bootId);
    },
    close,
  };
}

/** Removed once `end` has ended what runs in it: what still writes would keep it, or bring it back. */
export async function stateDirectoryUnderTest(
  t: TestContext,
  end: () => Promise<void>,
): Promise<StateDirectory> {
  const root = await mkdtemp(join(tmpdir(), 'sf-edge-'));
  t.after(async () => {
    await end().finally(() => rm(root, { recursive: true, force: true }));
  });
  return stateDirectoryAt(root);
}
