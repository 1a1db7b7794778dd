/** Restores a dump into a server that is made for it, of the version that it was taken from. */
import { chmod, chown, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { operationalError } from '../../../core/operational-error.ts';
import { systemClock } from '../../../platform/clock.ts';
import { inScratch } from '../../../platform/noted-scratch.ts';
import { openPostgres, withDatabase } from '../../../platform/open-postgres.ts';
import { POSTGRES_ENVIRONMENT } from '../../../platform/postgres-binaries.ts';
import { preparePostgresPlace, type PostgresPlace } from '../../../platform/postgres-place.ts';
import { postgresTools } from '../../../platform/postgres-tools.ts';
import { damagedBackup } from '../../../core/backup/damaged-backup.ts';
import { restoredDatabases } from '../../../platform/restored-databases.ts';
import { restartLasting } from '../../../platform/lasting-postgres.ts';
import { startRestoredPostgres } from '../../../platform/restored-postgres.ts';
import { runProgram } from '../../../platform/run-program.ts';
import { runToSuccess } from '../../../platform/run-to-success.ts';
import { stateDirectoryAt } from '../../../platform/state-directory.ts';
import { throwUnverifiable } from '../../../platform/unverifiable-by.ts';
import type { Restored } from '../../contract.ts';
import type { Origin } from './origin.ts';
import type { DumpAsked } from './take-dump.ts';
import { writeDump } from './write-dump.ts';

export function restoreDump(
  content: AsyncIterable<Uint8Array>,
  asked: DumpAsked,
): Promise<Restored> {
  const { programs, signal } = asked;
  const restored = inScratch('pgdump', asked, async ({ folder, keep, remove }) => {
    // To be walked through by the user that root gives it to.
    await chmod(folder, 0o711);
    const dump = join(folder, 'dump');
    const origin = await writeDump(content, dump);
    const { major, database, superuser: user } = origin;
    const tools = await postgresTools({
      ...{ major, named: programs, programs: ['pg_restore', 'initdb', 'postgres'] as const },
    });
    const directory = stateDirectoryAt(folder);
    const place = await preparePostgresPlace(directory);
    await initialise(place, join(tools, 'initdb'), user);
    const start = {
      ...{ program: join(tools, 'postgres'), logFile: join(folder, 'postgres.log') },
      ...{ recovery: null, user, clock: systemClock, signal },
    };
    const url = await startRestoredPostgres(place, start);
    await createRoles(url, origin);
    await runRestore(join(tools, 'pg_restore'), { dump, place, user, signal });
    await rm(dump);
    const address = withDatabase(url, database);
    return {
      ...{ address, remove, ...restoredDatabases(address, [database]) },
      async keep() {
        await restartLasting(directory, place, start);
        await keep();
      },
    };
  });
  return restored.catch(throwUnverifiable);
}

async function initialise(place: PostgresPlace, initdb: string, user: string): Promise<void> {
  const { dataDirectory, account, root } = place;
  await mkdir(dataDirectory, { mode: 0o700 });
  if (account) await chown(dataDirectory, account.uid, account.gid);
  const { ok, output } = await runProgram({
    command: initdb,
    args: [
      ...[`--pgdata=${dataDirectory}`, `--username=${user}`, '--auth=trust'],
      ...['--encoding=UTF8', '--locale=C', '--data-checksums', '--no-sync'],
    ],
    ...{ cwd: root, env: POSTGRES_ENVIRONMENT, account },
  });
  if (ok) return;
  const message = `No server can be made to restore it in: ${output.trim()}`;
  throw operationalError('backup-unverifiable', message);
}

/** None of them may log in. */
async function createRoles(url: string, { roles, superuser }: Origin): Promise<void> {
  const client = await openPostgres(url);
  try {
    for (const { name, isSuperuser } of roles) {
      if (name === superuser) continue;
      const may = isSuperuser ? 'SUPERUSER' : 'NOSUPERUSER';
      await client.query(`CREATE ROLE ${client.escapeIdentifier(name)} NOLOGIN ${may}`);
    }
  } finally {
    await client.end();
  }
}

/** What a machine or a server lacks: none of it says anything of the dump. */
export const LACKING =
  /No space left on device|extension .* is not available|could not access file|invalid locale name|could not open extension control file/;

async function runRestore(
  program: string,
  {
    dump,
    place,
    user,
    signal,
  }: {
    readonly dump: string;
    readonly place: PostgresPlace;
    readonly user: string;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  await runToSuccess({
    ...{ name: 'pg_restore', program },
    args: [
      ...['--exit-on-error', '--no-password', '--no-tablespaces', '--jobs=2'],
      // The one that it makes may be there already, as "postgres" is in every server.
      ...['--create', '--clean', '--if-exists', '--dbname=template1', dump],
    ],
    environment: { ...POSTGRES_ENVIRONMENT, PGHOST: place.socketDirectory, PGUSER: user },
    ...{ directory: '/', outputFile: null, clock: systemClock, signal },
    failure: (why) =>
      LACKING.test(why) ? operationalError('backup-unverifiable', `${why}.`) : damagedBackup(why),
  });
}
