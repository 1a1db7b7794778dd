/** Dumps a database and counts what is in it, both at one exported snapshot. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import type { ContentPart } from '../../../core/backup/content.ts';
import { operationalError } from '../../../core/operational-error.ts';
import { bothOrNeither } from '../../../platform/both-or-neither.ts';
import { systemClock } from '../../../platform/clock.ts';
import { withHead } from '../../../platform/headed-content.ts';
import { inScratch, type ScratchAsked } from '../../../platform/noted-scratch.ts';
import { openPostgres } from '../../../platform/open-postgres.ts';
import { postgresContent } from '../../../platform/postgres-content.ts';
import { postgresEnvironment } from '../../../platform/postgres-environment.ts';
import { postgresTools } from '../../../platform/postgres-tools.ts';
import { queryOne } from '../../../platform/query-one.ts';
import { runToSuccess } from '../../../platform/run-to-success.ts';
import { unverifiableBy } from '../../../platform/unverifiable-by.ts';
import type { Taken } from '../../contract.ts';
import type { Origin } from './origin.ts';

const MAJOR_MIN = 15;

export interface DumpAsked extends ScratchAsked {
  /** The folder of PostgreSQL's programs; null: those that are found. */
  readonly programs: string | null;
}

/** The snapshot is held as long as the dump is written, and not as long as somebody stores it. */
export async function takeDump(url: string, asked: DumpAsked): Promise<Taken> {
  const client = await openPostgres(url);
  try {
    return await inScratch('pgdump', asked, async ({ folder, remove: close }) => {
      const file = join(folder, 'dump');
      const { version, origin, parts } = await dumpInto(file, client, { ...asked, url });
      return {
        server: `PostgreSQL ${version}`,
        content: withHead(origin, createReadStream(file) as AsyncIterable<Buffer>),
        parts: () => Promise.resolve(parts),
        close,
      };
    });
  } catch (error) {
    throw unverifiableBy(error);
  } finally {
    await client.end();
  }
}

interface Dumped {
  readonly version: string;
  readonly origin: Origin;
  readonly parts: readonly ContentPart[];
}

async function dumpInto(
  file: string,
  client: Client,
  { url, programs, signal }: DumpAsked & { readonly url: string },
): Promise<Dumped> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const { version, snapshot, ...found } = await lookedAt(client);
  const major = Number.parseInt(version, 10);
  if (major < MAJOR_MIN) {
    throw unusable(`It is PostgreSQL ${version}; ${MAJOR_MIN} is the oldest that is taken so`);
  }
  const folder = await postgresTools({ major, named: programs, programs: ['pg_dump'] });
  const dump = (ending: AbortSignal): Promise<void> =>
    runToSuccess({
      ...{ name: 'pg_dump', program: join(folder, 'pg_dump') },
      args: ['--format=custom', '--no-password', `--snapshot=${snapshot}`],
      ...{ directory: '/', environment: postgresEnvironment(client, url), outputFile: file },
      ...{ clock: systemClock, signal: ending, failure: unusable },
    });
  const count = (): Promise<readonly ContentPart[]> => postgresContent(client, found.database);
  const [, parts] = await bothOrNeither({
    ...{ one: dump, other: count, signal },
    // What it asks may wait for a lock for ever.
    onEnd: () => void client.end(),
  });
  return { version, origin: { format: 1, major, ...found }, parts };
}

type Looked = Pick<Origin, 'database' | 'superuser' | 'roles'> & {
  readonly version: string;
  readonly snapshot: string;
};

/** Who is named by what is in the database, by the database itself, or by what is set for him in it. */
const ROLES = `
  SELECT rolname AS name, rolsuper AS "isSuperuser" FROM pg_roles, (SELECT oid AS db FROM pg_database WHERE datname = current_database()) AS d
  WHERE rolname !~ '^pg_' AND (
    oid IN (SELECT refobjid FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass
      AND (dbid = db OR (classid = 'pg_database'::regclass AND objid = db)))
    OR oid IN (SELECT setrole FROM pg_db_role_setting WHERE setdatabase = db))
  ORDER BY 1`;

async function lookedAt(client: Client): Promise<Looked> {
  const one = await queryOne<Record<'version' | 'snapshot' | 'database' | 'superuser', string>>(
    client,
    `SELECT current_setting('server_version') AS version, pg_export_snapshot() AS snapshot, current_database()::text AS database,
      (SELECT rolname::text FROM pg_roles WHERE oid = 10) AS superuser`,
  );
  const { rows: roles } = await client.query<Origin['roles'][number]>(ROLES);
  return { ...one, roles };
}

function unusable(why: string): Error {
  return operationalError('backup-unverifiable', `${why}.`);
}
