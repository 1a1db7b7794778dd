/**
 * The edge with all that it does in the middle of a deployment: a candidate with a tenth of the
 * traffic, its lease in force and renewed, every answer counted.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scopeOf, type InstanceId, type PoolId } from '../../../src/core/model/ids.ts';
import type { RoutedPool, Routing } from '../../../src/core/model/routing.ts';
import { callControl } from '../../../src/platform/control-client.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { stateDirectoryAt } from '../../../src/platform/state-directory.ts';
import { freePort } from '../../stand/free-port.ts';
import { endProcess, spawnOn, untilAccepts, type Contender } from './contender.ts';
import { surefootProgram } from '../../stand/surefoot-program.ts';

const scope = scopeOf('bench', 'web');
const stable = 'bench.web.1' as PoolId;
const candidate = 'bench.web.2' as PoolId;
const token = { deployment: 1, sequence: 1 };
const CANDIDATE_PERCENT = 10;
const LEASE_MS = 10_000;
const RENEW_EVERY_MS = 1_000;
const READY_POLL_MS = 20;
const READY_MS_MAX = 20_000;

export async function startEdgeContender(
  folder: string,
  upstreams: { readonly stable: number; readonly candidate: number },
): Promise<Contender> {
  const directory = stateDirectoryAt(join(folder, 'edge'));
  const port = await freePort();
  const child = spawnOn('proxy', process.execPath, [
    surefootProgram,
    'edge',
    '--state-dir',
    directory.root,
  ]);
  const call = (path: string, body: unknown) =>
    callControl(directory.edgeSocket, { method: 'POST', path, body, signal: timeLimit() });
  await untilAnswers(directory.edgeSocket);
  await call('/v1/apply', { routing: routingAt(port, upstreams), token });
  await untilAccepts(port);
  const renewing = setInterval(() => {
    void call('/v1/renew', { scope, token });
  }, RENEW_EVERY_MS);
  return {
    name: 'edge',
    port,
    pids: [child.pid ?? 0, ...childrenOf(child.pid ?? 0)],
    async close() {
      clearInterval(renewing);
      await endProcess(child);
    },
  };
}

function routingAt(port: number, upstreams: { stable: number; candidate: number }): Routing {
  return {
    scope,
    listen: { host: '127.0.0.1', port },
    pools: [
      routedPool(stable, 100 - CANDIDATE_PERCENT, upstreams.stable),
      routedPool(candidate, CANDIDATE_PERCENT, upstreams.candidate),
    ],
    stable,
    lease: {
      candidate,
      ttlMs: LEASE_MS,
      trip: { connectErrors: 5, serverErrors: 5, timeouts: 5, hangAfterMs: 600 },
      safeFirst: 50,
    },
    requestTimeoutMs: 30_000,
  };
}

function routedPool(pool: PoolId, weight: number, port: number): RoutedPool {
  const instance = `${pool}.1` as InstanceId;
  return { pool, version: '1', endpoints: [{ instance, host: '127.0.0.1', port }], weight };
}

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number);
}

async function untilAnswers(socketPath: string): Promise<void> {
  const limit = AbortSignal.timeout(READY_MS_MAX);
  for (;;) {
    try {
      await callControl(socketPath, { method: 'GET', path: '/v1/routings', signal: limit });
      return;
    } catch (error) {
      // It has not bound its socket yet.
      if (limit.aborted) throw error;
      await systemClock.sleep(READY_POLL_MS);
    }
  }
}

function timeLimit(): AbortSignal {
  return AbortSignal.timeout(READY_MS_MAX);
}
