/** Makes a pool as specified: copies its artifact, gives it ports, starts what is missing, waits. */
import { compareTokens, type FencingToken } from '../core/model/fencing-token.ts';
import type { InstanceId } from '../core/model/ids.ts';
import { operationalError } from '../core/operational-error.ts';
import { awaitAcceptance } from './await-acceptance.ts';
import { findProgram } from '../platform/find-program.ts';
import type { InstanceRecord, PoolRecord } from './host-records.ts';
import { searchPathFor } from '../platform/instance-environment.ts';
import { startInstance, type InstanceLife } from './instance-life.ts';
import {
  instanceIdsOf,
  openInstance,
  openPool,
  type HostResources,
  type PoolLife,
} from './pool-life.ts';
import { findFreePorts, type PortRange } from '../platform/port-allocation.ts';

export interface EnsureRequest {
  readonly spec: PoolRecord['spec'];
  readonly token: FencingToken;
  readonly ports: PortRange;
  /** Throws when a newer command of the scope has come in, or the host ends. */
  readonly stillWanted: () => void;
}

/** Brings a new pool into being, on disk and in memory, without starting anything. */
export async function createPool(
  resources: HostResources,
  request: EnsureRequest,
): Promise<PoolLife> {
  const { spec } = request;
  try {
    const directory = await resources.artifacts.take(spec.artifact);
    const searchPath = searchPathFor(spec, resources.environment);
    await findProgram(spec.command[0] ?? '', directory, searchPath);
    return await resources.allocation(() => recordPool(resources, request));
  } finally {
    resources.artifacts.release(spec.artifact.digest);
  }
}

async function recordPool(resources: HostResources, request: EnsureRequest): Promise<PoolLife> {
  request.stillWanted();
  const { spec } = request;
  const record: PoolRecord = { spec, desired: 'running', stopGraceMs: 0 };
  const instances = await recordInstances(resources, instanceIdsOf(record), request.ports);
  // The pool's record comes last: once it is there, its instances and ports are.
  await resources.store.savePool(record);
  const pool = await openPool(resources, record, instances);
  resources.pools.set(spec.pool, pool);
  return pool;
}

/** New instances, each with a port of its own, of which nothing runs yet. */
async function recordInstances(
  resources: HostResources,
  ids: readonly InstanceId[],
  range: PortRange,
): Promise<readonly InstanceRecord[]> {
  const ports = await findFreePorts(ids.length, range, portsInUse(resources));
  const instances = ids.map((id, index): InstanceRecord => ({
    id,
    port: ports[index] ?? 0,
    launch: null,
    process: null,
    exit: null,
    unexpectedExits: 0,
  }));
  for (const instance of instances) await resources.store.saveInstance(instance);
  return instances;
}

/** A stopped pool needs its ports no more. */
function portsInUse(resources: HostResources): Set<number> {
  const running = [...resources.pools.values()].filter(
    ({ record }) => record.desired === 'running',
  );
  return new Set(running.flatMap(({ instances }) => instances.map(({ record }) => record.port)));
}

/** Takes over what may change in a pool that exists; throws for what may not. */
export async function updatePool(
  resources: HostResources,
  pool: PoolLife,
  request: EnsureRequest,
): Promise<void> {
  const { spec } = request;
  if (pool.record.desired === 'stopped') {
    throw operationalError('token-fenced', `${spec.pool} was stopped and never starts again.`);
  }
  const known = pool.record.spec;
  refuseOtherPool(known, spec);
  if (JSON.stringify(spec) === JSON.stringify(known)) return;
  // A changed environment, a secret for example, is for processes to come.
  const record: PoolRecord = { ...pool.record, spec };
  if (spec.instances > known.instances) {
    await resources.allocation(() => growPool(resources, pool, { record, request }));
    return;
  }
  await resources.store.savePool(record);
  pool.record = record;
}

function refuseOtherPool(known: PoolRecord['spec'], spec: PoolRecord['spec']): void {
  const fixed = (of: PoolRecord['spec']): unknown[] => [
    of.artifact.digest,
    of.command,
    of.release.version,
    of.release.configDigest,
  ];
  if (JSON.stringify(fixed(spec)) !== JSON.stringify(fixed(known))) {
    throw operationalError(
      'request-invalid',
      `${spec.pool} exists with another artifact, command or release.`,
    );
  }
  if (spec.instances >= known.instances) return;
  throw operationalError(
    'request-invalid',
    `${spec.pool} has ${known.instances} instances and does not shrink to ${spec.instances}; stop it.`,
  );
}

/** As when it was made: instances first, so that a crash in between leaves the pool as it was. */
async function growPool(
  resources: HostResources,
  pool: PoolLife,
  { record, request }: { readonly record: PoolRecord; readonly request: EnsureRequest },
): Promise<void> {
  request.stillWanted();
  const ids = instanceIdsOf(record).slice(pool.record.spec.instances);
  const instances = await recordInstances(resources, ids, request.ports);
  await resources.store.savePool(record);
  pool.record = record;
  for (const instance of instances) await openInstance(resources, pool, instance);
}

/** Starts what is missing under this token and waits until all instances accept connections. */
export async function convergePool(pool: PoolLife, request: EnsureRequest): Promise<void> {
  request.stillWanted();
  const missing = pool.instances.filter((life) => isStartDue(life, request.token));
  const starts = await Promise.allSettled(
    missing.map((life) => startInstance(life, request.token)),
  );
  for (const start of starts) if (start.status === 'rejected') throw start.reason;
  await awaitAcceptance(pool.instances, request.stillWanted);
}

/** What already ran and ended under this very command stays ended: its exit is the outcome. */
function isStartDue(life: InstanceLife, token: FencingToken): boolean {
  if (life.process) return false;
  const { launch } = life.record;
  return launch === null || compareTokens(launch.token, token) !== 0;
}
