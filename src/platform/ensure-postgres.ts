/**
 * Makes sure that the embedded PostgreSQL of a state directory runs and serves: creates its data
 * once, adopts a running server, and starts one over whatever a crash left.
 */
import { join } from 'node:path';
import { operationalError } from '../core/operational-error.ts';
import { elapsedMs, systemClock, type Clock } from './clock.ts';
import { withFileLock } from './file-lock.ts';
import { initialisePostgres, isPostgresInitialised } from './initialise-postgres.ts';
import { readLogTail, sizeOf } from './log-file.ts';
import { preparePostgresBinaries } from './postgres-binaries.ts';
import {
  connectPostgres,
  POSTGRES_DATABASE,
  POSTGRES_USER,
  postgresConnectionString,
} from './postgres-connection.ts';
import { preparePostgresPlace, type PostgresPlace } from './postgres-place.ts';
import { checkPostgresSafety } from './postgres-safety.ts';
import { postgresSettingArguments } from './postgres-settings.ts';
import { readPostmaster } from './postmaster.ts';
import { spawnPostgres, type SpawnedPostgres } from './spawn-postgres.ts';
import { createStateDirectory, type StateDirectory } from './state-directory.ts';

/** Dying children of a killed server hold its socket and shared memory for a while. */
const REFUSED_MS_MAX = 15_000;
const READY_MS_MAX = 60_000;
const REFUSED_PAUSE_MS = 100;
const POLL_MS = 20;
const LOCK_WAIT_MS = 90_000;
const LOG_LINES = 15;

export interface RunningPostgres {
  readonly connectionString: string;
  readonly socketDirectory: string;
  readonly dataDirectory: string;
  readonly user: string;
  /** It ran before this call. */
  readonly adopted: boolean;
}

export interface EnsurePostgresOptions {
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** For how long refused starts are repeated. */
  readonly refusedMsMax?: number;
  /** Where PostgreSQL lies when root's unprivileged user cannot reach the state directory. */
  readonly reachableRoot?: string;
}

export function postgresLockFile(directory: StateDirectory): string {
  return join(directory.root, 'postgres.lock');
}

export function postgresLogFile(directory: StateDirectory): string {
  return join(directory.logs, 'postgres.log');
}

/**
 * Idempotent, and safe to call from several processes at once: one acts, the others adopt. Resolves
 * when PostgreSQL accepts queries and its settings are safe.
 */
export async function ensurePostgres(
  directory: StateDirectory,
  options: EnsurePostgresOptions = {},
): Promise<RunningPostgres> {
  await createStateDirectory(directory);
  const lock = { waitMs: LOCK_WAIT_MS, clock: options.clock, signal: options.signal };
  return await withFileLock(postgresLockFile(directory), lock, async () => {
    const place = await preparePostgresPlace(directory, options.reachableRoot);
    if (!(await isPostgresInitialised(place))) {
      await initialisePostgres(place, await preparePostgresBinaries(place));
    }
    const adopted = await bringUp(directory, place, options);
    return {
      connectionString: postgresConnectionString(place),
      socketDirectory: place.socketDirectory,
      dataDirectory: place.dataDirectory,
      user: POSTGRES_USER,
      adopted,
    };
  });
}

/**
 * True when it served or was starting already. A start is refused while the remains of a killed
 * server hold its socket or shared memory, so it is repeated for a while.
 */
async function bringUp(
  directory: StateDirectory,
  place: PostgresPlace,
  options: EnsurePostgresOptions,
): Promise<boolean> {
  const clock = options.clock ?? systemClock;
  const since = clock.monotonicNs();
  const logFile = postgresLogFile(directory);
  let server: SpawnedPostgres | null = null;
  let logFrom = 0;
  for (;;) {
    const postmaster = await readPostmaster(place.dataDirectory);
    if (postmaster.kind === 'running' && postmaster.ready && (await isServing(place))) break;
    const alive = postmaster.kind === 'running' || server?.hasEnded() === false;
    const limitMs = alive ? READY_MS_MAX : server && (options.refusedMsMax ?? REFUSED_MS_MAX);
    if (limitMs !== null && elapsedMs(clock, since) > limitMs) {
      const lines = await readLogTail(logFile, { lines: LOG_LINES, from: logFrom });
      throw operationalError(
        'process-not-started',
        `PostgreSQL in ${place.root} does not serve; its log ends:\n${lines.join('\n')}`,
      );
    }
    if (!alive) {
      if (server) await clock.sleep(REFUSED_PAUSE_MS, options.signal);
      logFrom = await sizeOf(logFile);
      const { postgres: program } = await preparePostgresBinaries(place);
      const args = postgresSettingArguments();
      server = await spawnPostgres(place, { program, args, logFile, postmaster });
    }
    await clock.sleep(POLL_MS, options.signal);
  }
  return server === null;
}

async function isServing(place: PostgresPlace): Promise<boolean> {
  const result = await connectPostgres(place);
  switch (result.kind) {
    case 'connected':
      try {
        await checkPostgresSafety(result.client);
        return true;
      } finally {
        await result.client.end();
      }
    case 'no-database':
      await createDatabase(place);
      return false;
    case 'busy':
    case 'absent':
      return false;
  }
}

async function createDatabase(place: PostgresPlace): Promise<void> {
  const result = await connectPostgres(place, 'postgres');
  if (result.kind !== 'connected') return;
  try {
    await result.client.query(`CREATE DATABASE "${POSTGRES_DATABASE}"`);
  } finally {
    await result.client.end();
  }
}
