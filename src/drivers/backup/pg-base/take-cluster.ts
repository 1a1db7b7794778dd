/** Copies a running cluster with PostgreSQL's low-level backup: its files, its log, and a moment to restore it to. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import type { ContentPart } from '../../../core/backup/content.ts';
import { invariant } from '../../../core/invariant.ts';
import { operationalError } from '../../../core/operational-error.ts';
import { systemClock } from '../../../platform/clock.ts';
import { unverifiableBy } from '../../../platform/unverifiable-by.ts';
import { openPostgres } from '../../../platform/open-postgres.ts';
import { packTar, type TarEntry } from '../../../platform/pack-tar.ts';
import { postgresContent } from '../../../platform/postgres-content.ts';
import { queryOne } from '../../../platform/query-one.ts';
import type { LogStart, Taken } from '../../contract.ts';
import { chooseMoment } from './choose-moment.ts';
import { clusterFiles, oneFile } from './cluster-files.ts';
import { databasesOf, lookAtCluster } from './look-at-cluster.ts';
import { MOMENT_FILE, type Moment } from './moment.ts';
import { walIdOf } from './wal-segment.ts';

interface Cluster {
  readonly control: Client;
  readonly sessions: ReadonlyMap<string, Client>;
  readonly dataDirectory: string;
  readonly user: string;
  readonly system: string;
  readonly signal: AbortSignal;
  /** Told when the moment is chosen. */
  readonly onStart: (start: LogStart) => void;
}

/** Nothing of it stays in the server when its sessions have ended: neither its mark for the log nor its mode. */
export async function takeCluster(url: string, signal: AbortSignal): Promise<Taken> {
  const control = await openPostgres(url);
  const sessions = new Map<string, Client>();
  const close = async (): Promise<void> => {
    await Promise.all([control, ...sessions.values()].map((client) => client.end()));
  };
  try {
    const { version, data, user, system } = await lookAtCluster(control);
    for (const name of await databasesOf(control)) {
      sessions.set(name, await openPostgres(url, name));
    }
    let start: LogStart | null = null;
    const onStart = (told: LogStart): void => void (start = told);
    const cluster = { control, sessions, dataDirectory: data, user, system, signal, onStart };
    return {
      server: `PostgreSQL ${version}`,
      content: packTar(explained(entriesOf(cluster))),
      parts: () => partsOf(sessions),
      logStart() {
        invariant(start, 'asked for behind the content');
        return start;
      },
      close,
    };
  } catch (error) {
    await close();
    throw unverifiableBy(error);
  }
}

async function* entriesOf(cluster: Cluster): AsyncGenerator<TarEntry> {
  const { control, sessions, dataDirectory, user, system, signal, onStart } = cluster;
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
  const { restorePoint, last, at, undecided } = await chooseMoment({
    ...{ control, sessions: [...sessions.values()], clock: systemClock, signal },
  });
  onStart({ after: walIdOf({ system, ...last }), at });
  for (const name of await walBetween(dataDirectory, first, last.file)) {
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
