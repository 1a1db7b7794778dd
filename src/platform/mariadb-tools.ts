/** Finds MariaDB's programs of just one series (10.11, 11.4), by asking each for its own. */
import { join } from 'node:path';
import { operationalError } from '../core/operational-error.ts';
import { POSTGRES_ENVIRONMENT } from './postgres-binaries.ts';
import { runProgram } from './run-program.ts';

export type MariadbProgram = 'mariadb' | 'mariadb-dump' | 'mariadbd';

/** Where packages put them; the server's own is elsewhere than the clients' in some. */
const FOLDERS = [
  ...['/usr/bin', '/usr/sbin', '/usr/libexec', '/usr/local/bin', '/usr/local/sbin'],
  ...['/opt/homebrew/bin', '/usr/local/mysql/bin'],
];

/** What a client program needs to have said of itself and others, the same everywhere. */
export const MARIADB_ENVIRONMENT = POSTGRES_ENVIRONMENT;

export interface MariadbToolsAsked<Program extends MariadbProgram> {
  readonly series: string;
  /** The folder that is named; null for where packages put them. */
  readonly named: string | null;
  readonly programs: readonly Program[];
}

/** Their paths. Throws `backup-unverifiable`, which says what is missing. */
export async function mariadbTools<Program extends MariadbProgram>({
  series,
  named,
  programs,
}: MariadbToolsAsked<Program>): Promise<Readonly<Record<Program, string>>> {
  const folders = named === null ? FOLDERS : [named, join(named, '..', 'sbin')];
  const found = await Promise.all(
    programs.map(async (name) => [name, await programOf(series, name, folders)] as const),
  );
  const missing = found.flatMap(([name, path]) => (path === null ? [name] : []));
  if (missing.length === 0) return Object.fromEntries(found) as Record<Program, string>;
  const wanted = `MariaDB ${series}'s ${missing.join(', ')}`;
  throw operationalError(
    'backup-unverifiable',
    named === null
      ? `It needs ${wanted}, which are not on this machine; install them (Debian: mariadb-client and mariadb-server), or say with "programs" in which folder they are.`
      : `It needs ${wanted}, which are not in "${named}".`,
  );
}

async function programOf(
  series: string,
  name: string,
  folders: readonly string[],
): Promise<string | null> {
  for (const folder of folders) {
    const path = join(folder, name);
    if ((await seriesOf(path)) === series) return path;
  }
  return null;
}

/** Null of what does not run. `mariadb-dump  Ver 10.19 Distrib 10.11.19-MariaDB, for …`; newer ones `… from 11.4.2-MariaDB, …`. */
async function seriesOf(command: string): Promise<string | null> {
  const { ok, output } = await runProgram({
    ...{ command, args: ['--no-defaults', '--version'], cwd: '/' },
    ...{ env: MARIADB_ENVIRONMENT, account: null },
  });
  return ok ? (/(\d+\.\d+)\.\d+-MariaDB/.exec(output)?.[1] ?? null) : null;
}
