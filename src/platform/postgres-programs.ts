/** Finds PostgreSQL's programs of a version: those that are named, Surefoot's own, or those of the system's packages. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { packagedPostgres, preparePostgresBinaries } from './postgres-binaries.ts';
import type { PostgresPlace } from './postgres-place.ts';

/** Where packages put them: Debian's, PostgreSQL's own for Red Hat, Homebrew's. */
export const postgresFolders = (major: number): readonly string[] => [
  `/usr/lib/postgresql/${major}/bin`,
  `/usr/pgsql-${major}/bin`,
  `/opt/homebrew/opt/postgresql@${major}/bin`,
];

/** The server's program; null where none of that version is. */
export async function postgresProgram(
  major: number,
  place: PostgresPlace,
  named: string | null,
): Promise<string | null> {
  if (named !== null) return ifThere(join(named, 'postgres'));
  if (packagedMajor() === major) return (await preparePostgresBinaries(place)).postgres;
  for (const folder of postgresFolders(major)) {
    const found = await ifThere(join(folder, 'postgres'));
    if (found !== null) return found;
  }
  return null;
}

function packagedMajor(): number {
  return Number.parseInt(packagedPostgres().version, 10);
}

function ifThere(path: string): Promise<string | null> {
  return access(path).then(
    () => path,
    () => null,
  );
}
