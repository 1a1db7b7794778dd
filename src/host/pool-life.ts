/** One pool in the host's memory: its record and its instances, and how they are opened from disk. */
import type { PoolObservation } from '../core/model/pool.ts';
import { deploymentOf, instanceIdOf, type InstanceId, type PoolId } from '../core/model/ids.ts';
import type { FencingToken } from '../core/model/fencing-token.ts';
import type { Clock } from '../platform/clock.ts';
import type { ArtifactStore } from './artifact-store.ts';
import type { InstanceRecord, PoolRecord } from './host-records.ts';
import type { InstanceLife } from './instance-life.ts';
import { openInstanceLog, type StoredLine } from './instance-log.ts';
import { observeInstance } from './observe-instance.ts';
import type { RecordStore } from './record-store.ts';
import { createSerialQueue, type SerialQueue } from './serial-queue.ts';

export interface PoolLife {
  record: PoolRecord;
  /** By their index; a pool that grows gets more behind them. */
  instances: readonly InstanceLife[];
}

/** What every pool of a host shares. */
export interface HostResources {
  readonly pools: Map<PoolId, PoolLife>;
  /** Held while ports are chosen until their pool is among the known ones. */
  readonly allocation: SerialQueue;
  readonly store: RecordStore;
  readonly artifacts: ArtifactStore;
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted when this host starts nothing any more. */
  readonly ending: AbortSignal;
  /** Aborted when the records belong to the next host. */
  readonly closed: AbortSignal;
  readonly logRotateBytes: number;
  readonly onLine: (line: StoredLine) => void;
  readonly report: (message: string, error: unknown) => void;
}

export async function openPool(
  resources: HostResources,
  record: PoolRecord,
  instances: readonly InstanceRecord[],
): Promise<PoolLife> {
  const pool: PoolLife = { record, instances: [] };
  for (const instance of instances) await openInstance(resources, pool, instance);
  return pool;
}

export function instanceIdsOf(record: PoolRecord): InstanceId[] {
  return Array.from({ length: record.spec.instances }, (_, index) =>
    instanceIdOf(record.spec.pool, index),
  );
}

export async function observePool(pool: PoolLife, token: FencingToken): Promise<PoolObservation> {
  const { spec, desired } = pool.record;
  return {
    pool: spec.pool,
    scope: spec.scope,
    token,
    artifactDigest: spec.artifact.digest,
    release: spec.release,
    restart: spec.restart,
    desired,
    instances: await Promise.all(pool.instances.map(observeInstance)),
  };
}

/** The deployment that made the pool. */
export function numberOf(pool: PoolLife): number {
  return deploymentOf(pool.record.spec.pool);
}

/** Adds the instance to its pool. */
export async function openInstance(
  resources: HostResources,
  pool: PoolLife,
  record: InstanceRecord,
): Promise<void> {
  const { store, artifacts, clock, environment, ending, closed, report } = resources;
  const log = await openInstanceLog({
    directory: store.instanceDirectory(record.id),
    instance: record.id,
    launch: record.launch?.id ?? null,
    clock,
    rotateBytes: resources.logRotateBytes,
    onLine: resources.onLine,
  });
  const life: InstanceLife = {
    pool: () => pool.record,
    directory: artifacts.directoryOf(pool.record.spec.artifact.digest),
    log,
    store,
    clock,
    serial: createSerialQueue(),
    environment,
    ending,
    closed,
    report,
    record,
    process: null,
    isStopping: false,
    isRestartPlanned: false,
    exitsInARow: 0,
  };
  pool.instances = [...pool.instances, life];
}
