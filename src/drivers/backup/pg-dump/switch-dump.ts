/**
 * Restores a dump into a new database of the server that it is of, and has the two change names, in one transaction of the
 * server: at each moment there is the old one or the new one under the name that everybody uses.
 */
import { join } from 'node:path';
import { DatabaseError, type Client } from 'pg';
import { databaseSwitchNames, type SwitchNames } from '../../../core/backup/switch-names.ts';
import { damagedBackup } from '../../../core/backup/damaged-backup.ts';
import { operationalError } from '../../../core/operational-error.ts';
import { systemClock } from '../../../platform/clock.ts';
import { inScratch } from '../../../platform/noted-scratch.ts';
import { databaseOf, openPostgres } from '../../../platform/open-postgres.ts';
import { postgresEnvironment } from '../../../platform/postgres-environment.ts';
import { postgresTools } from '../../../platform/postgres-tools.ts';
import { renameDatabases } from '../../../platform/rename-databases.ts';
import { restoredDatabases } from '../../../platform/restored-databases.ts';
import { runToSuccess } from '../../../platform/run-to-success.ts';
import { throwUnverifiable, unverifiableBy } from '../../../platform/unverifiable-by.ts';
import type { Beside, SwitchContext, Switching, SwitchState } from '../../contract.ts';
import { createDatabaseLike, giveDatabaseAs } from './database-like.ts';
import type { Origin } from './origin.ts';
import { LACKING } from './restore-dump.ts';
import { writeDump } from './write-dump.ts';

interface Server {
  readonly url: string;
  readonly programs: string | null;
  readonly stateDirectory: string;
}

export function switchDump(server: Server): Switching {
  const { url } = server;
  const live = liveOf(url);
  const namesOf = (id: string): SwitchNames => databaseSwitchNames(live, id);
  return {
    async state(id): Promise<SwitchState> {
      const names = namesOf(id);
      const there = await databasesThere(url, names);
      const isSwitched = there.has(names.kept) && there.has(names.live);
      return { kind: isSwitched ? 'switched' : 'none', names };
    },
    async live() {
      const there = await databasesThere(url, namesOf(''));
      return there.has(live) ? restoredDatabases(url, [live]).parts() : null;
    },
    users: () => usersOf(url, live),
    restoreBeside: (content, id, { signal }) =>
      restoreBeside(content, namesOf(id), { ...server, signal }).catch(throwUnverifiable),
    // Nothing is ever between.
    finish: () => Promise.resolve(),
    back: (id, context) => back(url, namesOf(id), context),
  };
}

async function back(url: string, names: SwitchNames, context: SwitchContext): Promise<boolean> {
  const there = await databasesThere(url, names);
  const { live, kept, undone, restored } = names;
  if (there.has(kept)) {
    if (there.has(live) && there.has(undone)) throw inTheWay(undone);
    const isLive = there.has(live);
    const renames = [...(isLive ? [[live, undone] as const] : []), [kept, live] as const];
    await rename(url, { live, renames, context });
    return true;
  }
  await withServer(url, live, (client) => dropDatabase(client, restored));
  return false;
}

/** When the answer is lost, what is there says whether it was done. */
async function rename(
  url: string,
  {
    live,
    renames,
    context: { endSessions },
  }: {
    readonly live: string;
    readonly renames: readonly (readonly [from: string, to: string])[];
    readonly context: SwitchContext;
  },
): Promise<void> {
  const [first] = endSessions ? [] : await usersOf(url, live);
  if (first !== undefined) throw inUse(live, first);
  try {
    const through = throughOf(live);
    await renameDatabases({ url, through, renames, endSessions, clock: systemClock });
  } catch (error) {
    throw unverifiableBy(error);
  }
}

async function restoreBeside(
  content: AsyncIterable<Uint8Array>,
  names: SwitchNames,
  { url, programs, ...asked }: Server & { readonly signal: AbortSignal },
): Promise<Beside> {
  const { live, restored, kept } = names;
  if ((await databasesThere(url, names)).has(kept)) throw inTheWay(kept);
  const remove = (): Promise<void> =>
    withServer(url, live, (client) => dropDatabase(client, restored));
  const { database } = await inScratch('pgdump', asked, async ({ folder, remove: removeDump }) => {
    const dump = join(folder, 'dump');
    const origin = await writeDump(content, dump);
    await withServer(url, live, async (client) => {
      await refuseUnknownRoles(client, origin);
      const program = await restoreProgram(client, programs);
      await dropDatabase(client, restored);
      await createDatabaseLike(client, restored, live);
      const environment = postgresEnvironment(client, url);
      await runRestore({ program, dump, database: restored, environment, signal: asked.signal });
      await giveDatabaseAs(client, restored, live);
    });
    await removeDump();
    return origin;
  }).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const { parts, faults } = restoredDatabases(url, [restored], () => database);
  return {
    ...{ remove, parts, faults: () => faults().catch(unlessForbidden) },
    async switchIn(context) {
      const isLive = (await databasesThere(url, names)).has(live);
      const renames = [...(isLive ? [[live, kept] as const] : []), [restored, live] as const];
      await rename(url, { live, renames, context });
    },
  };
}

/** Only a superuser may look through its structure. Source: PostgreSQL's insufficient_privilege. */
function unlessForbidden(error: unknown): null {
  if (error instanceof DatabaseError && error.code === '42501') return null;
  throw error;
}

async function refuseUnknownRoles(client: Client, { roles, superuser }: Origin): Promise<void> {
  const names = roles.map(({ name }) => name).filter((name) => name !== superuser);
  const { rows } = await client.query<{ name: string }>(
    'SELECT name FROM unnest($1::text[]) AS name WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)',
    [names],
  );
  if (rows.length === 0) return;
  const missing = rows.map(({ name }) => name).join(', ');
  const message = `The server has no role ${missing}, which the backup names. Make it first: CREATE ROLE.`;
  throw operationalError('not-switched', message);
}

async function restoreProgram(client: Client, programs: string | null): Promise<string> {
  const query = "SELECT current_setting('server_version_num')::int / 10000 AS major";
  const { rows } = await client.query<{ major: number }>(query);
  const major = rows[0]?.major ?? 0;
  const folder = await postgresTools({ major, named: programs, programs: ['pg_restore'] });
  return join(folder, 'pg_restore');
}

/** What the server is in the way of says nothing of the dump. */
const OF_THE_SERVER =
  /permission denied|must be (owner|superuser|member)|tablespace .* does not exist/;

async function runRestore({
  program,
  dump,
  database,
  environment,
  signal,
}: {
  readonly program: string;
  readonly dump: string;
  readonly database: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}): Promise<void> {
  // By itself a name with "=" would be taken for settings.
  const settings = `dbname='${database.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
  await runToSuccess({
    ...{ name: 'pg_restore', program, environment, directory: '/', outputFile: null },
    args: ['--exit-on-error', '--no-password', '--jobs=2', `--dbname=${settings}`, dump],
    ...{ clock: systemClock, signal },
    failure: (why) =>
      LACKING.test(why) || OF_THE_SERVER.test(why)
        ? operationalError('backup-unverifiable', `${why}.`)
        : damagedBackup(why),
  });
}

async function databasesThere(url: string, names: SwitchNames): Promise<ReadonlySet<string>> {
  const { rows } = await withServer(url, names.live, (client) =>
    client.query<{ name: string }>(
      'SELECT datname::text AS name FROM pg_database WHERE datname = ANY ($1)',
      [Object.values(names)],
    ),
  );
  return new Set(rows.map(({ name }) => name));
}

/** Sessions of our own may be about to end; where one is not, the rename says so. */
async function usersOf(url: string, database: string): Promise<readonly string[]> {
  const { rows } = await withServer(url, database, (client) =>
    client.query<{ who: string }>(
      `SELECT format('%s%s%s, %s', usename, CASE application_name WHEN '' THEN '' ELSE ' (' || application_name || ')' END,
        ' from ' || coalesce(host(client_addr), 'this machine'), coalesce(state, 'active')) AS who
      FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend' AND application_name <> 'surefoot' ORDER BY backend_start`,
      [database],
    ),
  );
  return rows.map(({ who }) => who);
}

async function dropDatabase(client: Client, name: string): Promise<void> {
  await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`);
}

async function withServer<Result>(
  url: string,
  live: string,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = await openPostgres(url, throughOf(live));
  try {
    return await work(client);
  } catch (error) {
    throw unverifiableBy(error);
  } finally {
    await client.end();
  }
}

/** Nobody can rename the database that he is in. */
function throughOf(live: string): string {
  return live === 'postgres' ? 'template1' : 'postgres';
}

/** As PostgreSQL's clients do: without a name that of the user. */
function liveOf(url: string): string {
  return databaseOf(url) || decodeURIComponent(new URL(url).username);
}

function inUse(live: string, first: string): Error {
  const message = `The database "${live}" is in use: ${first}. End its sessions with --end-sessions, or stop what works with it.`;
  return operationalError('not-switched', message);
}

function inTheWay(name: string): Error {
  const message = `The database "${name}" is in the way. Look at what it holds, and drop or rename it.`;
  return operationalError('not-switched', message);
}
