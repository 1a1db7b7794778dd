/** Restores a dump into a server that is made for it, of the version that it was taken from. */
import { chmod, chown, mkdir, open, rm } from 'node:fs/promises';
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
import { unverifiableBy } from '../../../platform/unverifiable-by.ts';
import type { Restored } from '../../contract.ts';
import { ORIGIN_BYTES_MAX, originSchema, type Origin } from './origin.ts';
import type { DumpAsked } from './take-dump.ts';

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
      ...{ restorePoint: null, user, clock: systemClock, signal },
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
  return restored.catch((error: unknown) => {
    throw unverifiableBy(error);
  });
}

const LINE_END = 0x0a;

/** What comes after the first line goes into the file. */
async function writeDump(content: AsyncIterable<Uint8Array>, path: string): Promise<Origin> {
  const file = await open(path, 'wx', 0o600);
  try {
    let line = Buffer.alloc(0);
    let origin: Origin | null = null;
    for await (const piece of content) {
      if (origin) {
        await file.writeFile(piece);
        continue;
      }
      line = Buffer.concat([line, piece]);
      const end = line.indexOf(LINE_END);
      if (end < 0 && line.length <= ORIGIN_BYTES_MAX) continue;
      origin = originOf(line.subarray(0, Math.max(end, 0)));
      await file.writeFile(line.subarray(end + 1));
    }
    return origin ?? originOf(line);
  } finally {
    await file.close();
  }
}

function originOf(line: Buffer): Origin {
  try {
    const found = originSchema.safeParse(JSON.parse(line.toString('utf8')));
    if (found.success) return found.data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw damagedBackup('It does not say what it is a dump of');
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

/** What this machine lacks: neither says anything of the dump. */
const LACKING =
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
