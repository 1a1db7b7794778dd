/**
 * The embedded supervisor of the `local` target: takes over the instances that an earlier host left,
 * serves the control verbs, and leaves its instances running when it ends.
 */
import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { operationalError } from '../core/operational-error.ts';
import type { Clock } from '../platform/clock.ts';
import { serveControl } from '../platform/control-server.ts';
import { tryFileLock, type FileLock } from '../platform/file-lock.ts';
import type { Log } from '../platform/log.ts';
import { createStateDirectory, type StateDirectory } from '../platform/state-directory.ts';
import { adoptInstance } from './adopt-instance.ts';
import { openArtifactStore } from './artifact-store.ts';
import { hostRoutes } from './control-routes.ts';
import { openFence } from './fence.ts';
import type { InstanceRecord, PoolRecord } from './host-records.ts';
import { isStartWanted, planRestart, stopInstance } from './instance-life.ts';
import { createLogHub } from './log-hub.ts';
import { createPoolCommands } from './pool-commands.ts';
import { instanceIdsOf, openPool, type HostResources, type PoolLife } from './pool-life.ts';
import { openRecordStore } from './record-store.ts';
import { createSerialQueue } from './serial-queue.ts';

const DRAIN_MS = 200;
const LOG_ROTATE_BYTES = 32 * 1024 * 1024;

export interface HostOptions {
  readonly stateDirectory: StateDirectory;
  readonly clock: Clock;
  /** The host's own environment, of which instances inherit a few names. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** For failures of work that nobody waits for. */
  readonly log: Log;
  readonly logRotateBytes?: number;
}

export interface Host {
  /** Ends the host; its instances live on. */
  close(): Promise<void>;
}

export async function startHost(options: HostOptions): Promise<Host> {
  await createStateDirectory(options.stateDirectory);
  const lock = takeLock(options.stateDirectory);
  const ending = new AbortController();
  const closing = new AbortController();
  for (const { signal } of [ending, closing]) setMaxListeners(0, signal);
  try {
    const logs = createLogHub();
    const resources = await openResources(options, ending.signal, closing.signal, logs.publish);
    const fence = await openFence(resources.store);
    for (const record of await resources.store.loadPools()) await adoptPool(resources, record);
    const commands = createPoolCommands(resources, fence);
    const server = await serveControl(
      options.stateDirectory.hostSocket,
      hostRoutes({
        resources,
        commands,
        logs,
        shutdown: ({ stopInstances, graceMs }) =>
          shutDown(resources, ending, stopInstances ? graceMs : null),
      }),
    );
    for (const pool of resources.pools.values()) goOn(resources, pool);
    const draining = drainLogs(resources, closing.signal);
    return {
      async close() {
        ending.abort();
        closing.abort();
        await server.close();
        await draining;
        await settle(resources);
        lock.release();
      },
    };
  } catch (error) {
    ending.abort();
    lock.release();
    throw error;
  }
}

function takeLock(stateDirectory: StateDirectory): FileLock {
  const path = join(stateDirectory.host, 'host.lock');
  const lock = tryFileLock(path);
  if (lock) return lock;
  throw operationalError(
    'state-directory-unusable',
    `Another host serves this state directory: ${path} is held.`,
  );
}

async function openResources(
  options: HostOptions,
  ending: AbortSignal,
  closed: AbortSignal,
  onLine: HostResources['onLine'],
): Promise<HostResources> {
  const { host } = options.stateDirectory;
  return {
    pools: new Map(),
    allocation: createSerialQueue(),
    store: await openRecordStore(host),
    artifacts: await openArtifactStore(join(host, 'artifacts')),
    clock: options.clock,
    environment: options.environment,
    ending,
    closed,
    logRotateBytes: options.logRotateBytes ?? LOG_ROTATE_BYTES,
    onLine,
    report: (message, error) => options.log.error(message, { error }),
  };
}

async function adoptPool(resources: HostResources, record: PoolRecord): Promise<void> {
  const instances: InstanceRecord[] = [];
  for (const id of instanceIdsOf(record)) {
    const instance = await resources.store.loadInstance(id);
    if (instance) instances.push(instance);
  }
  const pool = await openPool(resources, record, instances);
  resources.pools.set(record.spec.pool, pool);
  for (const life of pool.instances) await adoptInstance(life);
}

/** Continues what the former host was about: starts what shall run, ends what was told to end. */
function goOn(resources: HostResources, pool: PoolLife): void {
  for (const life of pool.instances) {
    if (isStartWanted(life)) planRestart(life);
    if (pool.record.desired === 'stopped' && life.process) {
      stopInstance(life, pool.record.stopGraceMs).catch((error: unknown) => {
        if (resources.closed.aborted) return;
        resources.report('An interrupted stop could not be finished.', error);
      });
    }
  }
}

/**
 * From here on this host starts nothing; it answers until it is ended. What shall run stays written
 * down, so that the next host starts it again on the same ports.
 */
async function shutDown(
  resources: HostResources,
  ending: AbortController,
  graceMs: number | null,
): Promise<void> {
  ending.abort();
  if (graceMs === null) return;
  const lives = [...resources.pools.values()].flatMap(({ instances }) => instances);
  await Promise.all(lives.map((life) => stopInstance(life, graceMs)));
}

async function drainLogs(resources: HostResources, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    for (const { instances } of resources.pools.values()) {
      for (const life of instances) {
        try {
          await life.log.drain(false);
        } catch (error) {
          resources.report('The output of an instance could not be stored.', error);
        }
      }
    }
    await sleepUnlessAborted(resources.clock, signal);
  }
}

async function sleepUnlessAborted(clock: Clock, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(DRAIN_MS, signal);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
  }
}

/** Lets changes that have begun come to their end, so that nothing happens after `close`. */
async function settle(resources: HostResources): Promise<void> {
  for (const { instances } of resources.pools.values()) {
    for (const life of instances) await life.serial(() => Promise.resolve());
  }
}
