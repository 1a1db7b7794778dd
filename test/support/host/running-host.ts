/** A host in the test's own process, with artifacts of small scripts, ended and removed afterwards. */
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { poolIdOf, scopeOf } from '../../../src/core/model/ids.ts';
import type { PoolObservation, PoolSpec } from '../../../src/core/model/pool.ts';
import { startHost, type Host, type HostOptions } from '../../../src/host/host.ts';
import { digestArtifact } from '../../../src/platform/artifact-digest.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { callControl, streamControl } from '../../../src/platform/control-client.ts';
import { createLog } from '../../../src/platform/log.ts';
import { stateDirectoryAt, type StateDirectory } from '../../../src/platform/state-directory.ts';

/** Listens on $PORT and answers with its pid; SIGTERM ends it in an orderly way. */
export const servingScript = `
import { createServer } from 'node:http';
const server = createServer((request, response) => {
  if (request.url === '/crash') process.exit(7);
  if (request.url === '/env') return response.end(JSON.stringify(process.env));
  if (request.url.startsWith('/say/')) console.log(decodeURIComponent(request.url.slice(5)));
  response.end(String(process.pid));
});
process.on('SIGTERM', () => process.exit(0));
// Said before it is true: the host connects, and may end it, before the server's own callback runs.
console.log('listening');
server.listen(Number(process.env.PORT), process.env.HOST);
`;

export interface HostBench {
  readonly stateDirectory: StateDirectory;
  readonly folder: string;
  readonly scope: ReturnType<typeof scopeOf>;
  /** Starts a host in this process; the one before must have been closed. */
  start(options?: Partial<HostOptions>): Promise<Host>;
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
  stream(path: string, signal: AbortSignal): AsyncIterable<unknown>;
  pools(): Promise<PoolObservation[]>;
  /** Writes an artifact with `run.mjs` and describes a pool that runs it. */
  spec(deployment: number, change?: Partial<PoolSpec>, script?: string): Promise<PoolSpec>;
}

/** Every instance is stopped when the test ends, by a new host if need be. */
export async function hostBench(test: TestContext): Promise<HostBench> {
  const folder = await mkdtemp(join(tmpdir(), 'sf-h-'));
  const stateDirectory = stateDirectoryAt(join(folder, 'state'));
  const scope = scopeOf('test', 'web');
  let running: Host | null = null;
  const signal = AbortSignal.timeout(120_000);
  const socket = stateDirectory.hostSocket;

  const bench: HostBench = {
    stateDirectory,
    folder,
    scope,
    async start(options = {}) {
      const host = await startHost({
        stateDirectory,
        clock: systemClock,
        environment: process.env,
        log: createLog({ write: () => undefined }),
        ...options,
      });
      running = host;
      return {
        async close() {
          if (running === host) running = null;
          await host.close();
        },
      };
    },
    get: (path) => callControl(socket, { method: 'GET', path, signal }),
    post: (path, body) => callControl(socket, { method: 'POST', path, body, signal }),
    stream: (path, end) => streamControl(socket, { method: 'GET', path, signal: end }),
    pools: async () => (await bench.get(`/v1/pools?scope=${scope}`)) as PoolObservation[],
    async spec(deployment, change = {}, script = servingScript) {
      const path = join(folder, `release-${deployment}`);
      await mkdir(path, { recursive: true });
      await writeFile(join(path, 'run.mjs'), script);
      return aPoolSpec(deployment, path, (await digestArtifact(path)).digest, change);
    },
  };
  test.after(async () => {
    try {
      if (!running) await bench.start();
      await bench.post('/v1/shutdown', { stopInstances: true, graceMs: 0 });
      await running?.close();
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
  return bench;
}

function aPoolSpec(
  deployment: number,
  path: string,
  digest: string,
  change: Partial<PoolSpec>,
): PoolSpec {
  return {
    pool: poolIdOf('test', 'web', deployment),
    scope: scopeOf('test', 'web'),
    release: { version: `${deployment}.0`, configDigest: 'sha256:c' },
    artifact: { path, digest },
    command: ['node', 'run.mjs'],
    environment: {},
    instances: 1,
    startTimeoutMs: 30_000,
    restart: 'never',
    ...change,
  };
}
