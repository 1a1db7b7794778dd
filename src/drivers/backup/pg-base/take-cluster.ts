/** Copies a running cluster with PostgreSQL's low-level backup: its files, its log, and a moment to restore it to. */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import type { ContentPart } from '../../../core/backup/content.ts';
import { operationalError } from '../../../core/operational-error.ts';
import { systemClock } from '../../../platform/clock.ts';
import { unverifiableBy } from '../../../platform/unverifiable-by.ts';
import { isSystemError } from '../../../platform/is-system-error.ts';
import { openPostgres } from '../../../platform/open-postgres.ts';
import { packTar, type TarEntry } from '../../../platform/pack-tar.ts';
import { postgresContent } from '../../../platform/postgres-content.ts';
import { queryOne } from '../../../platform/query-one.ts';
import type { Taken } from '../../contract.ts';
import { chooseMoment } from './choose-moment.ts';
import { clusterFiles, oneFile } from './cluster-files.ts';
import { MOMENT_FILE, type Moment } from './moment.ts';

const MAJOR_MIN = 15;

interface Cluster {
  readonly control: Client;
  readonly sessions: ReadonlyMap<string, Client>;
  readonly dataDirectory: string;
  readonly user: string;
  readonly signal: AbortSignal;
}

/** Nothing of it stays in the server when its sessions have ended: neither its mark for the log nor its mode. */
export async function takeCluster(url: string, signal: AbortSignal): Promise<Taken> {
  const control = await openPostgres(url);
  const sessions = new Map<string, Client>();
  const close = async (): Promise<void> => {
    await Promise.all([control, ...sessions.values()].map((client) => client.end()));
  };
  try {
    const { version, data, user } = await lookedAt(control);
    for (const name of await databasesOf(control)) {
      sessions.set(name, await openPostgres(url, name));
    }
    const cluster = { control, sessions, dataDirectory: data, user, signal };
    return {
      server: `PostgreSQL ${version}`,
      content: packTar(explained(entriesOf(cluster))),
      parts: () => partsOf(sessions),
      close,
    };
  } catch (error) {
    await close();
    throw unverifiableBy(error);
  }
}

type Looked = Readonly<
  Record<'version' | 'data' | 'user' | 'system' | 'recovers' | 'level' | 'spaces', string>
>;

/** Throws `backup-unverifiable` for a server whose data cannot be taken this way. */
async function lookedAt(control: Client): Promise<Looked> {
  const found = await queryOne<Looked>(
    control,
    `SELECT current_setting('server_version') AS version, current_setting('data_directory') AS data, current_user AS user,
      (SELECT system_identifier::text FROM pg_control_system()) AS system, pg_is_in_recovery()::text AS recovers,
      current_setting('wal_level') AS level, (SELECT count(*)::text FROM pg_tablespace WHERE spcname NOT LIKE 'pg\\_%') AS spaces`,
  );
  const { version, data, system, recovers, level, spaces } = found;
  if (Number.parseInt(version, 10) < MAJOR_MIN) {
    throw unusable(`It is PostgreSQL ${version}; ${MAJOR_MIN} is the oldest that is taken so.`);
  }
  if (recovers === 'true') throw unusable('It follows another server: take the backup there.');
  if (level === 'minimal') throw unusable('Its wal_level is minimal; it must be replica.');
  if (spaces !== '0')
    throw unusable('It has tablespaces, which lie outside of its data directory.');
  if ((await systemOf(data)) !== system) {
    throw unusable(`The data directory ${data} of this machine is not that of the server.`);
  }
  return found;
}

/** Which cluster a data directory is of. Source: the first field of `ControlFileData`. */
async function systemOf(dataDirectory: string): Promise<string> {
  try {
    const file = await open(join(dataDirectory, 'global/pg_control'));
    try {
      const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0);
      return String(buffer.readBigUInt64LE());
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw unusable(`The server's data directory must be readable here: ${error.message}.`, error);
  }
}

async function databasesOf(control: Client): Promise<readonly string[]> {
  const { rows } = await control.query<{ datname: string }>(
    'SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY datname',
  );
  return rows.map(({ datname }) => datname);
}

async function* entriesOf(cluster: Cluster): AsyncGenerator<TarEntry> {
  const { control, sessions, dataDirectory, user, signal } = cluster;
  const label = `surefoot_${process.pid}_${Date.now()}`;
  await control.query('SELECT pg_create_physical_replication_slot($1, true, true)', [label]);
  const begin = 'SELECT pg_walfile_name(pg_backup_start($1, true)) AS first';
  const { first } = await queryOne<{ first: string }>(control, begin, label);
  for await (const entry of clusterFiles(dataDirectory)) {
    signal.throwIfAborted();
    yield entry;
  }
  const end = 'SELECT labelfile AS label FROM pg_backup_stop(false)';
  yield textFile('backup_label', (await queryOne<{ label: string }>(control, end)).label);
  const { restorePoint, lastWal, undecided } = await chooseMoment({
    ...{ control, sessions: [...sessions.values()], clock: systemClock, signal },
  });
  for (const name of await walBetween(dataDirectory, first, lastWal)) {
    yield* oneFile(dataDirectory, `pg_wal/${name}`);
  }
  const moment: Moment = {
    ...{ format: 1, restorePoint, user },
    ...{ databases: [...sessions.keys()], undecided: [...undecided] },
  };
  yield textFile(MOMENT_FILE, `${JSON.stringify(moment, null, 2)}\n`);
}

async function walBetween(
  dataDirectory: string,
  first: string,
  last: string,
): Promise<readonly string[]> {
  const names = (await readdir(join(dataDirectory, 'pg_wal')))
    .filter((name) => /^[0-9A-F]{24}$/.test(name) && name >= first && name <= last)
    .sort();
  if (names[0] !== first || names.at(-1) !== last) throw unusable('A part of its log is gone.');
  return names;
}

function textFile(path: string, text: string): TarEntry {
  const bytes = Buffer.from(text);
  return {
    ...{ kind: 'file', path, mode: 0o600, bytes: bytes.length, modifiedAt: new Date() },
    async *content() {
      yield await Promise.resolve(bytes);
    },
  };
}

async function partsOf(sessions: ReadonlyMap<string, Client>): Promise<readonly ContentPart[]> {
  const parts: ContentPart[] = [];
  try {
    for (const [name, client] of sessions) parts.push(...(await postgresContent(client, name)));
  } catch (error) {
    throw unverifiableBy(error);
  }
  return parts;
}

async function* explained<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  try {
    yield* items;
  } catch (error) {
    throw unverifiableBy(error);
  }
}

function unusable(message: string, cause?: unknown): Error {
  return operationalError('backup-unverifiable', message, { cause });
}
