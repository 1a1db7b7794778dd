/**
 * The life of one instance: started, watched, started again, ended. Every change runs in the
 * instance's own queue, and what is about to happen to a process is on disk before it happens.
 */
import { randomUUID } from 'node:crypto';
import type { FencingToken } from '../core/model/fencing-token.ts';
import { operationalError } from '../core/operational-error.ts';
import { elapsedMs, type Clock } from '../platform/clock.ts';
import { identifyProcess, type ProcessIdentity } from '../platform/process-identity.ts';
import { endProcesses } from '../platform/end-processes.ts';
import { findProgram } from '../platform/find-program.ts';
import type { InstanceRecord, PoolRecord } from './host-records.ts';
import { instanceEnvironment } from '../platform/instance-environment.ts';
import type { InstanceLog } from './instance-log.ts';
import { isPortFree } from '../platform/port-allocation.ts';
import type { RecordStore } from './record-store.ts';
import type { SerialQueue } from './serial-queue.ts';
import { spawnInstance } from './spawn-instance.ts';

const BACKOFF_MIN_MS = 100;
const BACKOFF_MAX_MS = 10_000;
/** After this much life an exit is not taken as one of a row. */
const STEADY_MS = 30_000;

export type ProcessExit = NonNullable<InstanceRecord['exit']>;

export const UNKNOWN_EXIT: ProcessExit = { code: null, signal: null };

export interface RunningProcess {
  readonly launch: string;
  /** Null only when the process ended before it could be looked at. */
  identity: ProcessIdentity | null;
  /** Null for an adopted process: nobody tells how it ends. */
  readonly exited: Promise<ProcessExit> | null;
  readonly sinceNs: bigint;
  ownsPort: boolean;
}

export interface InstanceLife {
  readonly pool: () => PoolRecord;
  /** The artifact's copy. */
  readonly directory: string;
  readonly log: InstanceLog;
  readonly store: RecordStore;
  readonly clock: Clock;
  readonly serial: SerialQueue;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted when this host starts nothing any more. */
  readonly ending: AbortSignal;
  /** Aborted when the records belong to the next host. */
  readonly closed: AbortSignal;
  readonly report: (message: string, error: unknown) => void;
  record: InstanceRecord;
  process: RunningProcess | null;
  isStopping: boolean;
  isRestartPlanned: boolean;
  exitsInARow: number;
}

/** Starts the instance's process unless one runs. */
export function startInstance(life: InstanceLife, token: FencingToken): Promise<void> {
  return life.serial(() => startNow(life, token));
}

/** Asks, waits, kills. Resolves when no process of the instance is left. */
export function stopInstance(life: InstanceLife, graceMs: number): Promise<void> {
  life.isStopping = true;
  return life.serial(async () => {
    try {
      await stopNow(life, graceMs);
    } finally {
      life.isStopping = false;
    }
  });
}

/** Goes on to the instance's end or restart when its process ends by itself. */
export function watchOwnProcess(
  life: InstanceLife,
  running: RunningProcess,
  exited: Promise<ProcessExit>,
): void {
  void exited.then(async (exit) => {
    await life.serial(() => recordExit(life, running, exit));
  });
}

/** Notes an exit that nobody asked for; a second call for the same process does nothing. */
export async function recordExit(
  life: InstanceLife,
  running: RunningProcess,
  exit: ProcessExit,
): Promise<void> {
  if (life.process !== running || life.closed.aborted) return;
  const unexpectedExits = life.record.unexpectedExits + 1;
  // All at once: whoever observes an instance without a process sees how often and how it ended.
  life.process = null;
  life.record = { ...life.record, process: null, exit, unexpectedExits };
  if (elapsedMs(life.clock, running.sinceNs) >= STEADY_MS) life.exitsInARow = 0;
  await drainLog(life, true);
  try {
    await saveRecord(life, life.record);
  } catch (error) {
    // It is known in memory, and a new host finds the process gone; the restart must not wait.
    life.report('The exit of an instance could not be stored.', error);
  }
  if (isStartWanted(life)) planRestart(life);
}

export function isStartWanted(life: InstanceLife): boolean {
  const { desired, spec } = life.pool();
  return (
    !life.ending.aborted &&
    life.process === null &&
    desired === 'running' &&
    spec.restart === 'always'
  );
}

export function planRestart(life: InstanceLife): void {
  if (life.isRestartPlanned) return;
  life.isRestartPlanned = true;
  const delayMs = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** life.exitsInARow);
  life.exitsInARow += 1;
  void restartAfter(life, delayMs);
}

async function restartAfter(life: InstanceLife, delayMs: number): Promise<void> {
  try {
    await life.clock.sleep(delayMs, life.ending);
    await life.serial(async () => {
      life.isRestartPlanned = false;
      if (isStartWanted(life)) await startNow(life, lastTokenOf(life));
    });
  } catch (error) {
    life.isRestartPlanned = false;
    if (life.ending.aborted) return;
    life.report('An instance could not be started again.', error);
    if (isStartWanted(life)) planRestart(life);
  }
}

function lastTokenOf(life: InstanceLife): FencingToken {
  return life.record.launch?.token ?? { deployment: 0, sequence: 0 };
}

async function startNow(life: InstanceLife, token: FencingToken): Promise<void> {
  if (life.process) return;
  const { spec, desired } = life.pool();
  const { id, port } = life.record;
  if (desired === 'stopped' || life.ending.aborted) {
    throw operationalError('token-fenced', `${id} was told to end and does not start again.`);
  }
  await drainLog(life, true);
  if (life.record.launch) await endRemains(life, life.record.launch.id);
  if (!(await isPortFree(port))) {
    throw operationalError(
      'port-unavailable',
      `Port ${port} of ${id} is taken by another process.`,
      {
        details: { instance: id, port },
      },
    );
  }
  const launch = randomUUID();
  const environment = instanceEnvironment(spec, { id, port, launch }, life.environment);
  const [name = '', ...rest] = spec.command;
  const program = await findProgram(name, life.directory, environment['PATH'] ?? '');
  await saveRecord(life, {
    ...life.record,
    launch: { id: launch, token },
    process: null,
    exit: null,
  });
  const output = await life.log.begin(launch);
  await spawnRecorded(life, launch, {
    program,
    arguments: rest,
    directory: life.directory,
    environment,
    output,
  });
}

async function spawnRecorded(
  life: InstanceLife,
  launch: string,
  request: Parameters<typeof spawnInstance>[0],
): Promise<void> {
  let spawned: Awaited<ReturnType<typeof spawnInstance>>;
  try {
    spawned = await spawnInstance(request);
  } catch (error) {
    await saveRecord(life, { ...life.record, launch: null });
    throw error;
  }
  const running: RunningProcess = {
    launch,
    identity: null,
    exited: spawned.exited,
    sinceNs: life.clock.monotonicNs(),
    ownsPort: false,
  };
  life.process = running;
  watchOwnProcess(life, running, spawned.exited);
  running.identity = await identifyProcess(spawned.pid);
  await saveRecord(life, { ...life.record, process: running.identity });
}

/** Children of an ended process would hold its port. */
async function endRemains(life: InstanceLife, launch: string): Promise<void> {
  await endProcesses({
    launch,
    leader: null,
    graceMs: 0,
    clock: life.clock,
    signal: life.closed,
  });
}

async function stopNow(life: InstanceLife, graceMs: number): Promise<void> {
  const { process: running, record } = life;
  if (!record.launch) return;
  await endProcesses({
    launch: record.launch.id,
    leader: running?.identity ?? null,
    graceMs,
    clock: life.clock,
    signal: life.closed,
  });
  await drainLog(life, true);
  if (!running) return;
  const exit = running.exited ? await running.exited : UNKNOWN_EXIT;
  life.process = null;
  await saveRecord(life, { ...record, process: null, exit });
}

async function saveRecord(life: InstanceLife, record: InstanceRecord): Promise<void> {
  life.record = record;
  await life.store.saveInstance(record);
}

/** Stores the output that is there; `isFinal` when the process has ended. */
export async function drainLog(life: InstanceLife, isFinal: boolean): Promise<void> {
  try {
    await life.log.drain(isFinal);
  } catch (error) {
    // Lines can wait in the raw output; the instance's state cannot.
    life.report('The output of an instance could not be stored.', error);
  }
}
