/** The host's control verbs: checks what came in, calls, answers. */
import { z } from 'zod';
import { operationalError } from '../core/operational-error.ts';
import type { ControlRequest, ControlRoutes } from '../platform/control-server.ts';
import { parseRequest } from '../platform/parse-request.ts';
import { attestPool } from './attest-pool.ts';
import { hostSchemas } from './host-records.ts';
import type { LogHub } from './log-hub.ts';
import type { PoolCommands } from './pool-commands.ts';
import type { HostResources } from './pool-life.ts';
import { DEFAULT_PORT_RANGE } from '../platform/port-allocation.ts';
import { readUsage } from './read-usage.ts';

const GRACE_MS_MAX = 24 * 60 * 60 * 1_000;
const TAIL_MAX = 10_000;

const port = z.int().min(1).max(65535);
const graceMs = z.int().min(0).max(GRACE_MS_MAX);

const ensureBody = z
  .strictObject({
    spec: hostSchemas.poolSpec,
    token: hostSchemas.token,
    ports: z
      .strictObject({ from: port, to: port })
      .refine(({ from, to }) => from <= to, 'the range ends before it begins')
      .default(DEFAULT_PORT_RANGE),
  })
  .refine(({ spec }) => belongs(spec.pool, spec.scope), {
    path: ['spec', 'pool'],
    message: 'is not of the scope',
  });

const stopBody = z
  .strictObject({
    pool: hostSchemas.poolId,
    scope: hostSchemas.scope,
    graceMs,
    token: hostSchemas.token,
  })
  .refine(({ pool, scope }) => belongs(pool, scope), {
    path: ['pool'],
    message: 'is not of the scope',
  });

const shutdownBody = z.strictObject({
  stopInstances: z.boolean(),
  graceMs: graceMs.default(10_000),
});

const poolsQuery = z.strictObject({ scope: hostSchemas.scope.optional() });

const attestQuery = z.strictObject({ pool: hostSchemas.poolId, scope: hostSchemas.scope });

const usageQuery = z.strictObject({ scope: hostSchemas.scope });

const logsQuery = z.strictObject({
  pool: hostSchemas.poolId,
  tail: z.coerce.number().int().min(0).max(TAIL_MAX).default(100),
  follow: z.enum(['true', 'false']).default('false'),
});

export interface HostVerbs {
  readonly resources: HostResources;
  readonly commands: PoolCommands;
  readonly logs: LogHub;
  readonly shutdown: (options: z.output<typeof shutdownBody>) => Promise<void>;
}

export function hostRoutes({ resources, commands, logs, shutdown }: HostVerbs): ControlRoutes {
  return {
    'GET /v1/health': () => ({ pid: process.pid, pools: resources.pools.size }),
    'GET /v1/pools': (request) => {
      const { scope } = parseRequest(poolsQuery, queryOf(request));
      return commands.observe(scope ?? null);
    },
    'GET /v1/usage': (request) =>
      readUsage(resources, parseRequest(usageQuery, queryOf(request)).scope),
    'GET /v1/attest': async (request) => {
      await attestPool(resources, parseRequest(attestQuery, queryOf(request)));
      return {};
    },
    'POST /v1/ensure': (request) => commands.ensure(parseRequest(ensureBody, request.body)),
    'POST /v1/stop': (request) => commands.stop(parseRequest(stopBody, request.body)),
    'GET /v1/logs': (request) => {
      const { pool: id, tail, follow } = parseRequest(logsQuery, queryOf(request));
      const pool = resources.pools.get(id);
      if (!pool) throw operationalError('not-found', `The host knows no pool ${id}.`);
      return logs.read(pool, { tail, follow: follow === 'true', signal: request.signal });
    },
    'POST /v1/shutdown': (request) => shutdown(parseRequest(shutdownBody, request.body)),
  };
}

function belongs(pool: string, scope: string): boolean {
  return pool.startsWith(`${scope.replace('/', '.')}.`);
}

function queryOf(request: ControlRequest): Record<string, string> {
  return Object.fromEntries(request.query);
}
