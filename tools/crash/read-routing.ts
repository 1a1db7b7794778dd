/** What can be seen without asking the controller: the edge's and the host's sockets, HTTP, /proc. */
import { get } from 'node:http';
import type { StateDirectory } from '../../src/platform/state-directory.ts';
import { askSocket } from './ask-socket.ts';

export interface SeenPool {
  readonly pool: string;
  readonly version: string;
  /** Effective share of new requests in percent. */
  readonly weight: number;
  readonly endpoints: readonly { readonly host: string; readonly port: number }[];
}

export interface SeenRouting {
  readonly pools: readonly SeenPool[];
  /** The pool that traffic falls back to. */
  readonly stable: string | null;
  readonly hasLease: boolean;
  readonly fallback: string | null;
}

interface RoutingLine {
  readonly routing: {
    readonly pools: readonly Omit<SeenPool, 'weight'>[];
    readonly stable: string | null;
    readonly lease: object | null;
  };
  readonly weights: Readonly<Record<string, number>>;
  readonly fallback: { readonly cause: string } | null;
}

/** Null before the first deployment. Throws while the edge's worker is away. */
export async function readRouting(directory: StateDirectory): Promise<SeenRouting | null> {
  const lines = (await askSocket(directory.edgeSocket, '/v1/routings')) as readonly RoutingLine[];
  const [line] = lines;
  if (!line) return null;
  const { routing, weights, fallback } = line;
  return {
    pools: routing.pools.map(({ pool, version, endpoints }) => {
      return { pool, version, endpoints, weight: weights[pool] ?? 0 };
    }),
    stable: routing.stable,
    hasLease: routing.lease !== null,
    fallback: fallback?.cause ?? null,
  };
}

export interface SeenInstances {
  readonly pool: string;
  readonly version: string;
  readonly pids: readonly number[];
}

/** Throws while the host is away. */
export async function readInstances(directory: StateDirectory): Promise<readonly SeenInstances[]> {
  const pools = (await askSocket(directory.hostSocket, '/v1/pools')) as readonly {
    readonly pool: string;
    readonly release: { readonly version: string };
    readonly instances: readonly { readonly pid: number | null }[];
  }[];
  return pools.map(({ pool, release, instances }) => ({
    pool,
    version: release.version,
    pids: instances.flatMap(({ pid }) => pid ?? []),
  }));
}

/** The version in the answer to one request of its own connection; a sentence when there is none. */
export function versionAnsweredBy(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const call = get({ host, port, path: '/health', agent: false, timeout: 3_000 }, (response) => {
      response.resume();
      response.once('end', () => {
        const version = response.headers['x-newsroom-version'];
        const isFine = response.statusCode === 200 && typeof version === 'string';
        resolve(isFine ? version : `status ${response.statusCode}`);
      });
    });
    call.once('timeout', () => call.destroy(new Error('no answer in 3 s')));
    call.once('error', (error) => resolve(error.message));
  });
}
