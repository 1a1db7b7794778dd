/**
 * The small process that stays: it starts PostgreSQL and Surefoot's other processes, starts them
 * again when they end, and holds nothing that they need to live. When it dies they go on; the next
 * keeper adopts them. One keeper per state directory, by a lock that the kernel releases.
 */
import { invariant } from '../core/invariant.ts';
import { OperationalError, operationalError } from '../core/operational-error.ts';
import { systemClock, type Clock } from './clock.ts';
import { serveControl } from './control-server.ts';
import { postgresLogFile } from './ensure-postgres.ts';
import { tryFileLock, type FileLock } from './file-lock.ts';
import { isSystemError } from './is-system-error.ts';
import { keepPostgresRunning, type PostgresChange } from './keep-postgres-running.ts';
import { keepRole, type KeeperRole, type RoleState } from './keep-role.ts';
import { keeperFilesIn, roleLogFile } from './keeper-files.ts';
import { readKeeperRecord, writeKeeperRecord, type KeeperRecord } from './keeper-record.ts';
import type { KeeperStatus } from './keeper-status.ts';
import { capLogFile, LOG_BYTES_MAX } from './log-file.ts';
import type { Log } from './log.ts';
import { packageVersion } from './package-version.ts';
import { identifyProcess, isSameProcess } from './process-identity.ts';
import { createStateDirectory, type StateDirectory } from './state-directory.ts';
import { stopRecorded } from './stop-recorded.ts';

const CAP_LOGS_EVERY_MS = 10_000;
const WAIT_FOR_DATABASE_MS = 25;
const READY_MS_MAX = 1_000;
const LOCK_TRIES = 10;
const LOCK_PAUSE_MS = 30;

export interface KeeperOptions {
  readonly directory: StateDirectory;
  /** In the order of their start; they are stopped in the reverse one. */
  readonly roles: readonly KeeperRole[];
  /** With `external` the keeper leaves PostgreSQL to others. */
  readonly database: 'embedded' | 'external';
  /** Ends the keeper and leaves everything running for the next one. */
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly clock?: Clock;
}

interface PostgresState {
  pid: number | null;
  serving: boolean;
  starts: number;
  problem: string | null;
}

interface Keeper extends KeeperOptions {
  readonly clock: Clock;
  readonly since: string;
  readonly postgres: PostgresState;
  readonly states: readonly RoleState[];
  readonly record: () => KeeperRecord;
}

/**
 * Resolves after `POST /v1/stop`, when everything is stopped, or after the signal, when nothing is.
 * Throws `state-directory-unusable` when another keeper lives.
 */
export async function runKeeper(options: KeeperOptions): Promise<void> {
  await createStateDirectory(options.directory);
  const lock = await takeLock(keeperFilesIn(options.directory).lock);
  if (lock === null) {
    const pid = readKeeperRecord(options.directory)?.keeper.pid;
    throw operationalError(
      'state-directory-unusable',
      `Another keeper (process ${pid ?? 'unknown'}) works in ${options.directory.root}.`,
    );
  }
  try {
    await keep(await takeOver(options));
  } finally {
    lock.release();
  }
}

/** Tries for a moment: `up` and `down` hold the lock for an instant to see whether a keeper lives. */
async function takeLock(path: string): Promise<FileLock | null> {
  for (let tries = 0; tries < LOCK_TRIES; tries += 1) {
    const lock = tryFileLock(path);
    if (lock) return lock;
    await systemClock.sleep(LOCK_PAUSE_MS);
  }
  return null;
}

/** Reads what the last keeper left, and ends processes of roles that there are no more. */
async function takeOver(options: KeeperOptions): Promise<Keeper> {
  const clock = options.clock ?? systemClock;
  const since = new Date(clock.wallMs()).toISOString();
  const self = await identifyProcess(process.pid);
  invariant(self, 'The running process has an identity.');
  const previous = readKeeperRecord(options.directory)?.roles ?? [];
  const names = options.roles.map((role) => role.name);
  const states = names.map(
    (name): RoleState =>
      structuredClone(previous.find((role) => role.name === name)) ?? {
        name,
        process: null,
        restarts: 0,
        since,
      },
  );
  for (const state of states) {
    if (state.process === null || (await isSameProcess(state.process))) continue;
    state.process = null;
    state.restarts += 1;
  }
  const orphans = previous.filter((role) => !names.includes(role.name));
  await stopRecorded(orphans, clock);
  return {
    ...options,
    clock,
    since,
    postgres: { pid: null, serving: false, starts: 0, problem: null },
    states,
    record: () => ({ keeper: self, roles: [...states] }),
  };
}

async function keep(keeper: Keeper): Promise<void> {
  const { directory, clock, log } = keeper;
  const stop = new AbortController();
  const signal = AbortSignal.any([keeper.signal, stop.signal]);
  writeKeeperRecord(directory, keeper.record());
  const server = await serveControl(keeperFilesIn(directory).socket, {
    'GET /v1/status': () => statusOf(keeper),
    'POST /v1/stop': () => {
      stop.abort();
      return { stopping: true };
    },
  });
  log.info('The keeper is at work.', { pid: process.pid });
  try {
    const tasks = [
      ...keeper.roles.map((role, index) => keepRoleOf(keeper, role, index, signal)),
      capLogs(keeper, signal),
      ...(keeper.database === 'embedded' ? [watchPostgres(keeper, signal)] : []),
    ];
    await Promise.all(tasks.map((task) => untilAborted(task, signal)));
    if (stop.signal.aborted) {
      log.info('Stopping everything.');
      await stopRecorded(keeper.states, clock, directory);
    }
    log.info('The keeper ends.', { stopped: stop.signal.aborted });
  } finally {
    // After a bug in one task the others must not go on without a keeper.
    stop.abort();
    await server.close();
  }
}

async function keepRoleOf(
  keeper: Keeper,
  role: KeeperRole,
  index: number,
  signal: AbortSignal,
): Promise<void> {
  const { directory, clock, log } = keeper;
  const state = keeper.states[index];
  invariant(state, 'Every role has a state.');
  while (role.needsDatabase && state.process === null && !keeper.postgres.serving) {
    if (keeper.database === 'external') break;
    await clock.sleep(WAIT_FOR_DATABASE_MS, signal);
  }
  const record = () => {
    writeKeeperRecord(directory, keeper.record());
  };
  await keepRole(role, state, { directory, clock, log, signal, record });
}

async function watchPostgres(keeper: Keeper, signal: AbortSignal): Promise<void> {
  const { directory, clock, log, postgres } = keeper;
  const onChange = (change: PostgresChange) => {
    postgres.serving = change.kind === 'serving';
    switch (change.kind) {
      case 'serving':
        postgres.pid = change.pid;
        postgres.starts += 1;
        postgres.problem = null;
        log.info('PostgreSQL serves.', { pid: change.pid, adopted: change.postgres.adopted });
        return;
      case 'gone':
        log.warn('PostgreSQL ended and is started again.', { pid: postgres.pid });
        postgres.pid = null;
        return;
      case 'not-started':
        postgres.problem = change.failure.message;
        log.error('PostgreSQL does not start.', { failure: change.failure });
    }
  };
  await keepPostgresRunning(directory, { signal, clock, onChange });
}

async function capLogs(keeper: Keeper, signal: AbortSignal): Promise<void> {
  const { directory, clock } = keeper;
  const files = [
    keeperFilesIn(directory).log,
    postgresLogFile(directory),
    ...keeper.roles.map((role) => roleLogFile(directory, role.name)),
  ];
  for (;;) {
    for (const file of files) await capLog(keeper, file);
    await clock.sleep(CAP_LOGS_EVERY_MS, signal);
  }
}

/** A disk that is full now may have room at the next try. */
async function capLog(keeper: Keeper, file: string): Promise<void> {
  try {
    await capLogFile(file, LOG_BYTES_MAX);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    keeper.log.error('A log could not be capped.', { file, error });
  }
}

async function statusOf(keeper: Keeper): Promise<KeeperStatus> {
  const { pid, serving, starts, problem } = keeper.postgres;
  return {
    pid: process.pid,
    version: packageVersion(),
    since: keeper.since,
    postgres:
      keeper.database === 'embedded'
        ? { pid, serving, restarts: Math.max(0, starts - 1), problem }
        : null,
    roles: await Promise.all(
      keeper.roles.map(async (role, index) => {
        const state = keeper.states[index];
        invariant(state, 'Every role has a state.');
        const { name, process: identity, restarts, since } = state;
        const ready = identity !== null && (await isReady(role));
        return { name, pid: identity?.pid ?? null, ready, restarts, since };
      }),
    ),
  };
}

/** A role that cannot be asked, or answers late, is not ready. */
async function isReady(role: KeeperRole): Promise<boolean> {
  const late = new AbortController();
  try {
    return await Promise.race([
      role.readyWhen(),
      systemClock.sleep(READY_MS_MAX, late.signal).then(() => false),
    ]);
  } catch (error) {
    if (error instanceof OperationalError) return false;
    throw error;
  } finally {
    late.abort();
  }
}

async function untilAborted(task: Promise<void>, signal: AbortSignal): Promise<void> {
  try {
    await task;
  } catch (error) {
    const aborted = error instanceof Error && error.name === 'AbortError';
    if (!(aborted && signal.aborted)) throw error;
  }
}
