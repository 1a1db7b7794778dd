/** Makes a cluster of a copy in a place of its own, brings it to its moment, and looks whether the moment was one. */
import { chmod, chown, lchown, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { operationalError } from '../../../core/operational-error.ts';
import { systemClock } from '../../../platform/clock.ts';
import { isSystemError } from '../../../platform/is-system-error.ts';
import { readLogTail } from '../../../platform/log-file.ts';
import {
  inScratch,
  type NotedScratch,
  type ScratchAsked,
} from '../../../platform/noted-scratch.ts';
import { openPostgres } from '../../../platform/open-postgres.ts';
import { pathsBelow } from '../../../platform/paths-below.ts';
import { preparePostgresPlace, type PostgresPlace } from '../../../platform/postgres-place.ts';
import { postgresProgram } from '../../../platform/postgres-programs.ts';
import { queryOne } from '../../../platform/query-one.ts';
import { damagedBackup } from '../../../core/backup/damaged-backup.ts';
import { restoredDatabases } from '../../../platform/restored-databases.ts';
import { restartLasting, stopLasting } from '../../../platform/lasting-postgres.ts';
import { startRestoredPostgres, type RestoredStart } from '../../../platform/restored-postgres.ts';
import { stateDirectoryAt, type StateDirectory } from '../../../platform/state-directory.ts';
import { unpackTar } from '../../../platform/unpack-tar.ts';
import type { BackupLog, Restored, RestoredMoment } from '../../contract.ts';
import { handOverCluster } from './hand-over-cluster.ts';
import { databasesOf } from './look-at-cluster.ts';
import { MOMENT_FILE, momentSchema, type Moment } from './moment.ts';
import { writeWal } from './write-wal.ts';

/** Of what it writes until it is there. */
const LOG_LINES = 500;

export interface RestoreAsked extends ScratchAsked {
  /** Of what is live. */
  readonly url: string;
  /** The folder of PostgreSQL's programs; null: those that are found. */
  readonly programs: string | null;
}

/** To the moment that the backup itself is of. */
export function restoreCluster(
  content: AsyncIterable<Uint8Array>,
  asked: RestoreAsked,
): Promise<Restored> {
  return inScratch('pg', asked, async (scratch) => {
    const { unpacked, moment } = await unpackedIn(scratch, content, asked);
    const { restorePoint, databases } = moment;
    const recovery = { kind: 'mark', restorePoint } as const;
    const url = await startRestoredPostgres(unpacked.place, { ...unpacked.start, recovery });
    await refuseUndecided(url, moment);
    return restoredAs(unpacked, { url, live: asked.url, databases });
  });
}

/** To a moment behind it, by the log since. */
export function restoreClusterAt(
  content: AsyncIterable<Uint8Array>,
  { at, segments, ...asked }: RestoreAsked & Parameters<BackupLog['restoreAt']>[1],
): Promise<RestoredMoment> {
  return inScratch('pg', asked, async (scratch) => {
    const { unpacked } = await unpackedIn(scratch, content, asked);
    const { place, start } = unpacked;
    await writeWal(segments, place);
    const recovery = { kind: 'moment', at } as const;
    const url = await startRestoredPostgres(place, { ...start, recovery });
    const reached = await reachedIn(start.logFile);
    const databases = await databasesAt(url);
    return { reached, ...restoredAs(unpacked, { url, live: asked.url, databases }) };
  });
}

interface Unpacked {
  readonly scratch: NotedScratch;
  readonly directory: StateDirectory;
  readonly place: PostgresPlace;
  readonly start: Omit<RestoredStart, 'recovery'>;
}

async function unpackedIn(
  scratch: NotedScratch,
  content: AsyncIterable<Uint8Array>,
  { programs, signal }: RestoreAsked,
): Promise<{ readonly unpacked: Unpacked; readonly moment: Moment }> {
  const { folder } = scratch;
  // To be walked through by the user that root gives it to.
  await chmod(folder, 0o711);
  const directory = stateDirectoryAt(folder);
  const place = await preparePostgresPlace(directory);
  const moment = await unpackCluster(content, place);
  const program = await programFor(place, programs);
  const logFile = join(folder, 'postgres.log');
  const start = { program, logFile, user: moment.user, clock: systemClock, signal };
  return { unpacked: { scratch, directory, place, start }, moment };
}

function restoredAs(
  { scratch: { keep, remove }, directory, place, start }: Unpacked,
  of: { readonly url: string; readonly live: string; readonly databases: readonly string[] },
): Restored {
  const { url, live, databases } = of;
  return {
    ...{ address: url, remove, ...restoredDatabases(url, databases) },
    async keep() {
      await restartLasting(directory, place, start);
      await keep();
    },
    async handOver(id) {
      await stopLasting(directory, place);
      await keep();
      return handOverCluster(place, { id, url: live });
    },
  };
}

/** It does not come up without having said so. */
async function reachedIn(logFile: string): Promise<string> {
  const lines = await readLogTail(logFile, { lines: LOG_LINES });
  const said = lines.flatMap((line) => /recovery stopping .*$/.exec(line) ?? []).at(-1);
  if (said !== undefined) return said;
  throw damagedBackup('PostgreSQL does not say that it has come to that moment');
}

async function databasesAt(url: string): Promise<readonly string[]> {
  const client = await openPostgres(url);
  try {
    return await databasesOf(client);
  } finally {
    await client.end();
  }
}

/** All of it belongs to the user that PostgreSQL runs as. */
async function unpackCluster(
  content: AsyncIterable<Uint8Array>,
  { dataDirectory, account }: PostgresPlace,
): Promise<Moment> {
  await mkdir(dataDirectory, { mode: 0o700 });
  if (account) await chown(dataDirectory, account.uid, account.gid);
  await unpackTar(content, dataDirectory);
  const moment = await momentIn(dataDirectory);
  if (account) {
    for (const { path } of await pathsBelow(dataDirectory)) {
      await lchown(join(dataDirectory, path), account.uid, account.gid);
    }
  }
  return moment;
}

async function momentIn(dataDirectory: string): Promise<Moment> {
  const path = join(dataDirectory, MOMENT_FILE);
  try {
    const found = momentSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    if (found.success) {
      await rm(path);
      return found.data;
    }
  } catch (error) {
    if (!(error instanceof SyntaxError) && !isSystemError(error)) throw error;
  }
  throw damagedBackup('It does not say its moment');
}

async function programFor(place: PostgresPlace, programs: string | null): Promise<string> {
  const version = await readFile(join(place.dataDirectory, 'PG_VERSION'), 'utf8').catch(() => '');
  const major = Number.parseInt(version, 10);
  if (!Number.isInteger(major)) {
    throw damagedBackup('It is no cluster');
  }
  const program = await postgresProgram(major, place, programs);
  if (program !== null) return program;
  const message = `PostgreSQL ${major} is not on this machine; install it, or say with "programs" in which folder its programs are.`;
  throw operationalError('backup-unverifiable', message);
}

/** What had ended just before the moment, unseen by what was counted, makes both differ although neither is wrong. */
async function refuseUndecided(url: string, { undecided }: Moment): Promise<void> {
  const client = await openPostgres(url);
  try {
    const { committed } = await queryOne<{ committed: string }>(
      client,
      `SELECT count(*)::text AS committed FROM unnest(string_to_array($1, ',')::xid8[]) AS x
      WHERE x < pg_snapshot_xmax(pg_current_snapshot()) AND pg_xact_status(x) = 'committed'`,
      undecided.join(','),
    );
    if (committed === '0') return;
  } finally {
    await client.end();
  }
  const message = 'A transaction ended at just the moment that was chosen. Take another backup.';
  throw operationalError('backup-unverifiable', message);
}
