/** Finds the folder with PostgreSQL's programs of just one version, by asking each for its own. */
import { join } from 'node:path';
import { operationalError } from '../core/operational-error.ts';
import { POSTGRES_ENVIRONMENT } from './postgres-binaries.ts';
import { postgresFolders } from './postgres-programs.ts';
import { runProgram } from './run-program.ts';

export interface ToolsAsked {
  readonly major: number;
  /** The folder that is named; null for where packages put them. */
  readonly named: string | null;
  readonly programs: readonly ('pg_dump' | 'pg_restore' | 'initdb' | 'postgres')[];
}

/** Throws `backup-unverifiable`, which says what is missing. */
export async function postgresTools({ major, named, programs }: ToolsAsked): Promise<string> {
  const folders = named === null ? postgresFolders(major) : [named];
  for (const folder of folders) {
    const versions = await Promise.all(programs.map((name) => majorOf(join(folder, name))));
    if (versions.every((version) => version === major)) return folder;
  }
  const wanted = `PostgreSQL ${major}'s ${programs.join(', ')}`;
  throw operationalError(
    'backup-unverifiable',
    named === null
      ? `It needs ${wanted}, which are not on this machine; install them (Debian: postgresql-${major}), or say with "programs" in which folder they are.`
      : `It needs ${wanted}, which are not in "${named}".`,
  );
}

/** Null of what does not run. Each prints `pg_dump (PostgreSQL) 15.14 (Debian …)`. */
async function majorOf(command: string): Promise<number | null> {
  const { ok, output } = await runProgram({
    ...{ command, args: ['--version'], cwd: '/', env: POSTGRES_ENVIRONMENT, account: null },
  });
  const version = /\(PostgreSQL\) (\d+)/.exec(output)?.[1];
  return ok && version !== undefined ? Number(version) : null;
}
