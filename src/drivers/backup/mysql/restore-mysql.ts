/** Restores a dump into a server that is made for it, of the series that it was taken from. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { damagedBackup } from '../../../core/backup/damaged-backup.ts';
import { operationalError } from '../../../core/operational-error.ts';
import { systemClock } from '../../../platform/clock.ts';
import { mariadbAddress, mariadbSocketUrl } from '../../../platform/mariadb-address.ts';
import { throwUnverifiableMariadb } from '../../../platform/mariadb-errors.ts';
import { MARIADB_ENVIRONMENT, mariadbTools } from '../../../platform/mariadb-tools.ts';
import { inScratch } from '../../../platform/noted-scratch.ts';
import {
  openMariadb,
  quoteMariadbName as quote,
  type MariadbSession,
} from '../../../platform/open-mariadb.ts';
import { restartLastingMariadb, startRestoredMariadb } from '../../../platform/restored-mariadb.ts';
import { runToSuccess } from '../../../platform/run-to-success.ts';
import type { Restored } from '../../contract.ts';
import { lookAtRestored } from './look-at-restored.ts';
import type { Origin } from './origin.ts';
import type { MysqlAsked } from './take-mysql.ts';
import { withoutRows } from './without-rows.ts';
import { writeDump } from './write-dump.ts';

export function restoreMysql(
  content: AsyncIterable<Uint8Array>,
  asked: MysqlAsked,
): Promise<Restored> {
  const { programs: named, signal } = asked;
  const restored = inScratch('mysql', asked, async ({ folder, keep, remove }) => {
    const dump = join(folder, 'dump');
    const origin = await writeDump(content, dump);
    const { series, pageBytes, lowerCaseNames, database } = origin;
    const tools = await mariadbTools({ series, named, programs: ['mariadb', 'mariadbd'] as const });
    const server = {
      ...{ folder, program: tools.mariadbd, pageBytes, lowerCaseNames },
      ...{ clock: systemClock, signal },
    };
    const socket = await startRestoredMariadb(server);
    await prepare(mariadbSocketUrl(socket, ''), origin, signal);
    await runRestore(tools.mariadb, { dump, socket, database, signal });
    await rm(dump);
    const address = mariadbSocketUrl(socket, database);
    return {
      ...{ address, remove, ...lookAtRestored(address, signal) },
      async keep() {
        await restartLastingMariadb(server);
        await keep();
      },
    };
  });
  return restored.catch(throwUnverifiableMariadb);
}

async function prepare(url: string, origin: Origin, signal: AbortSignal): Promise<void> {
  const session = await openMariadb(mariadbAddress(url), signal);
  try {
    const { database, charset, collation } = origin;
    const words = `CHARACTER SET ${charset} COLLATE ${collation}`;
    await session.ask(`CREATE DATABASE ${quote(database)} ${words}`);
    await createDefiners(session, origin);
  } finally {
    await session.end();
  }
}

/** Views and routines act in their name. None of them may log in, and each may do all with this database and nothing else. */
async function createDefiners(
  session: MariadbSession,
  { database, definers }: Origin,
): Promise<void> {
  for (const { name, host } of definers) {
    if (name === 'root' && host === 'localhost') continue;
    const isRole = host === '';
    const who = isRole ? '?' : '?@?';
    const values = isRole ? [name] : [name, host];
    const made = isRole ? `ROLE IF NOT EXISTS ${who}` : `USER IF NOT EXISTS ${who} ACCOUNT LOCK`;
    await session.ask(`CREATE ${made}`, values);
    await session.ask(`GRANT ALL ON ${quote(patternOf(database))}.* TO ${who}`, values);
  }
}

/** MariaDB takes the name in a grant for a pattern. */
function patternOf(database: string): string {
  return database.replaceAll(/[\\%_]/g, '\\$&');
}

/** What a machine or a server lacks: none of it says anything of the dump. */
const LACKING =
  /No space left on device|[Dd]isk full|is full|Unknown storage engine|Unknown or incorrect time zone|[Pp]lugin .* is not loaded|Wrong create options|Unknown collation|Unknown command '\\-'|Lost connection|server has gone away/;

async function runRestore(
  program: string,
  {
    dump,
    socket,
    database,
    signal,
  }: {
    readonly dump: string;
    readonly socket: string;
    readonly database: string;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  await runToSuccess({
    ...{ name: 'mariadb', program, inputFile: dump, outputFile: null },
    args: [
      ...['--no-defaults', `--socket=${socket}`, '--user=root', '--batch'],
      // Nothing in it starts a program, and no line end of a text becomes another.
      '--binary-mode',
      ...['--default-character-set=utf8mb4', '--max-allowed-packet=1G'],
      // Without it those in the body of a routine would be left out.
      '--comments',
      // Rows may be older than what a table demands of them.
      '--init-command=SET SESSION check_constraint_checks = 0',
      `--database=${database}`,
    ],
    ...{ directory: '/', environment: MARIADB_ENVIRONMENT, clock: systemClock, signal },
    failure(why) {
      const said = `mariadb does not read it: ${withoutRows(why)}`;
      return LACKING.test(said)
        ? operationalError('backup-unverifiable', `${said}.`)
        : damagedBackup(said);
    },
  });
}
