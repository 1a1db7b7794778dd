/** The host's records as files, one per scope, pool and instance, each replaced as a whole. */
import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import type { InstanceId, PoolId } from '../core/model/ids.ts';
import { operationalError } from '../core/operational-error.ts';
import { removeUnfinished, writeDurably } from '../platform/durable-file.ts';
import {
  hostSchemas,
  type InstanceRecord,
  type PoolRecord,
  type ScopeRecord,
} from './host-records.ts';

export interface RecordStore {
  loadScopes(): Promise<ScopeRecord[]>;
  saveScope(record: ScopeRecord): Promise<void>;
  loadPools(): Promise<PoolRecord[]>;
  savePool(record: PoolRecord): Promise<void>;
  removePool(pool: PoolId): Promise<void>;
  loadInstance(instance: InstanceId): Promise<InstanceRecord | null>;
  saveInstance(record: InstanceRecord): Promise<void>;
  removeInstance(instance: InstanceId): Promise<void>;
  /** Folder of an instance's record, output and log. */
  instanceDirectory(instance: InstanceId): string;
}

export async function openRecordStore(directory: string): Promise<RecordStore> {
  const scopes = join(directory, 'scopes');
  const pools = join(directory, 'pools');
  const instances = join(directory, 'instances');
  for (const path of [scopes, pools, instances])
    await mkdir(path, { recursive: true, mode: 0o700 });
  const records = (await readdir(instances, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(instances, name));
  for (const path of [scopes, pools, ...records]) await removeUnfinished(path);
  const instanceDirectory = (instance: InstanceId): string => join(instances, instance);
  const instanceFile = (instance: InstanceId): string =>
    join(instanceDirectory(instance), 'record.json');

  return {
    loadScopes: () => readAll(scopes, hostSchemas.scopeRecord),
    saveScope: (record) => save(join(scopes, `${encodeURIComponent(record.scope)}.json`), record),
    loadPools: () => readAll(pools, hostSchemas.poolRecord),
    savePool: (record) => save(join(pools, `${record.spec.pool}.json`), record),
    removePool: (pool) => rm(join(pools, `${pool}.json`), { force: true }),
    loadInstance: (instance) => read(instanceFile(instance), hostSchemas.instanceRecord),
    async saveInstance(record) {
      await mkdir(instanceDirectory(record.id), { recursive: true, mode: 0o700 });
      await save(instanceFile(record.id), record);
    },
    removeInstance: (instance) => rm(instanceDirectory(instance), { recursive: true, force: true }),
    instanceDirectory,
  };
}

async function readAll<Schema extends z.ZodType>(
  directory: string,
  schema: Schema,
): Promise<z.output<Schema>[]> {
  const records: z.output<Schema>[] = [];
  for (const name of await readdir(directory)) {
    if (!name.endsWith('.json')) continue;
    const record = await read(join(directory, name), schema);
    if (record !== null) records.push(record);
  }
  return records;
}

async function read<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.output<Schema> | null> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    // Guessing what a broken record meant could start a stopped pool or signal a stranger.
    throw operationalError('state-directory-unusable', `The record ${path} cannot be read.`, {
      cause: error,
    });
  }
}

async function save(path: string, record: unknown): Promise<void> {
  try {
    await writeDurably(path, JSON.stringify(record));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw operationalError('state-directory-unusable', `Cannot write ${path}: ${reason}.`, {
      effect: 'unknown',
      cause: error,
    });
  }
}
