/** Brings up PostgreSQL on data that is to be looked at, for nobody but who may enter its folder. */
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import { operationalError } from '../core/operational-error.ts';
import { elapsedMs, type Clock } from './clock.ts';
import { readLogTail } from './log-file.ts';
import { openPostgres } from './open-postgres.ts';
import type { PostgresPlace } from './postgres-place.ts';
import { readPostmaster } from './postmaster.ts';
import { queryOne } from './query-one.ts';
import { spawnPostgres, type SpawnedPostgres } from './spawn-postgres.ts';

/** So much log is replayed in no time that anybody would wait for. */
const REPLAY_MS_MAX = 60 * 60_000;
const POLL_MS = 50;
const LOG_LINES = 12;
const NO_ROOM = /No space left on device|Disk quota exceeded|File too large/;

export type Recovery =
  | { readonly kind: 'mark'; readonly restorePoint: string }
  /** RFC 3339. All that had ended then, and nothing later. */
  | { readonly kind: 'moment'; readonly at: string };

export interface RestoredStart {
  readonly program: string;
  readonly logFile: string;
  /** How far its log is replayed; null for data that has nothing to recover. */
  readonly recovery: Recovery | null;
  readonly user: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What is written to it must survive a crash of the machine, as it is not only looked at. */
  readonly isLasting?: true;
}

/**
 * Resolves to its URL when it takes writes. Throws `backup-damaged` when it ends before: its own log says why. Its settings
 * are none of those that were restored, so that it neither listens nor sends its log anywhere.
 */
export async function startRestoredPostgres(
  place: PostgresPlace,
  start: RestoredStart,
): Promise<string> {
  const { program, logFile, recovery, user } = start;
  await prepare(place, recovery);
  const postmaster = await readPostmaster(place.dataDirectory);
  const args = settings(place, start);
  const server = await spawnPostgres(place, { program, args, logFile, postmaster });
  const url = new URL('postgresql://localhost:5432/postgres');
  url.username = encodeURIComponent(user);
  url.searchParams.set('host', place.socketDirectory);
  await untilPromoted(url.toString(), server, start);
  return url.toString();
}

const OWN_FILES = { config_file: 'restored.conf', hba_file: 'hba.conf', ident_file: 'ident.conf' };

async function prepare(place: PostgresPlace, recovery: Recovery | null): Promise<void> {
  const { dataDirectory } = place;
  await rm(join(dataDirectory, 'standby.signal'), { force: true });
  if (recovery !== null) {
    await writeFile(join(dataDirectory, 'recovery.signal'), '', { mode: 0o644 });
  }
  // It would be read whatever the command line says.
  const automatic = join(dataDirectory, 'postgresql.auto.conf');
  await rename(automatic, `${automatic}.restored`).catch(() => undefined);
  await writeFile(ownFile(place, 'restored.conf'), '', { mode: 0o644 });
  await writeFile(ownFile(place, 'ident.conf'), '', { mode: 0o644 });
  await writeFile(ownFile(place, 'hba.conf'), 'local all all trust\n', { mode: 0o644 });
}

function settings(place: PostgresPlace, { recovery, isLasting }: RestoredStart): readonly string[] {
  const files = Object.entries(OWN_FILES).map(([name, file]) => [name, ownFile(place, file)]);
  const values = {
    listen_addresses: '',
    unix_socket_directories: place.socketDirectory,
    port: '5432',
    ...{ logging_collector: 'off', log_destination: 'stderr', archive_mode: 'off' },
    ...{ hot_standby: 'off', restore_command: 'false', recovery_target_action: 'promote' },
    ...targetOf(recovery),
    // What is looked at and thrown away need not get to the disk.
    fsync: isLasting === true ? 'on' : 'off',
    ...{
      shared_buffers: '64MB',
      max_wal_size: '1GB',
      autovacuum: isLasting === true ? 'on' : 'off',
    },
  };
  return [...files, ...Object.entries(values)].flatMap(([name = '', value = '']) => [
    '-c',
    `${name}=${value}`,
  ]);
}

function targetOf(recovery: Recovery | null): Readonly<Record<string, string>> {
  switch (recovery?.kind) {
    case undefined:
      return {};
    case 'mark':
      return { recovery_target_name: recovery.restorePoint };
    case 'moment':
      // Names of zones are not known to it yet when it reads this, and Z is one.
      return { recovery_target_time: recovery.at.replace(/Z$/, '+00') };
  }
}

function ownFile(place: PostgresPlace, name: string): string {
  return join(place.root, name);
}

async function untilPromoted(
  url: string,
  server: SpawnedPostgres,
  { clock, signal, logFile, recovery }: RestoredStart,
): Promise<void> {
  const since = clock.monotonicNs();
  while (elapsedMs(clock, since) < REPLAY_MS_MAX) {
    if (await isPromoted(url)) return;
    if (server.hasEnded()) break;
    await clock.sleep(POLL_MS, signal);
  }
  const lines = await readLogTail(logFile, { lines: LOG_LINES });
  // None of it says anything of what was restored.
  const isOther =
    recovery === null || server.wasKilled() || lines.some((line) => NO_ROOM.test(line));
  throw operationalError(
    isOther ? 'backup-unverifiable' : 'backup-damaged',
    `PostgreSQL does not come up on what was restored; its log ends:\n${lines.join('\n')}`,
  );
}

/** False, too, while it lets nobody in. */
async function isPromoted(url: string): Promise<boolean> {
  let client: Client | null = null;
  try {
    client = await openPostgres(url);
    const query = 'SELECT pg_is_in_recovery()::text AS recovers';
    return (await queryOne<{ recovers: string }>(client, query)).recovers === 'false';
  } catch {
    return false;
  } finally {
    await client?.end();
  }
}
