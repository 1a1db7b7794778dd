/** Looks at the databases of a server that was restored, to be compared with what was taken. */
import type { Client } from 'pg';
import type { ContentPart } from '../core/backup/content.ts';
import { damagedBackup } from '../core/backup/damaged-backup.ts';
import { openPostgres } from './open-postgres.ts';
import { postgresContent } from './postgres-content.ts';
import { postgresFaults } from './postgres-faults.ts';
import { isDataDamaged } from './unverifiable-by.ts';

export interface RestoredDatabases {
  readonly parts: () => Promise<readonly ContentPart[]>;
  /** Null where the server has nothing to look with. */
  readonly faults: () => Promise<readonly string[] | null>;
}

/**
 * Throws `backup-damaged` for what PostgreSQL itself finds damaged. `calledIn`: what the parts call a database, when it was
 * restored under another name.
 */
export function restoredDatabases(
  url: string,
  databases: readonly string[],
  calledIn = (name: string): string => name,
): RestoredDatabases {
  const content = (client: Client, name: string) => postgresContent(client, calledIn(name));
  return {
    parts: async () => (await ofEach(url, databases, content)).flat(),
    faults: async () => {
      const found = await ofEach(url, databases, postgresFaults);
      return found.some((faults) => faults === null)
        ? null
        : found.flatMap((faults) => faults ?? []);
    },
  };
}

/** What is done in a transaction is undone. */
async function ofEach<Found>(
  url: string,
  databases: readonly string[],
  look: (client: Client, name: string) => Promise<Found>,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const name of databases) {
    const client = await openPostgres(url, name);
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      found.push(await look(client, name));
    } catch (error) {
      if (!isDataDamaged(error)) throw error;
      throw damagedBackup(`${name} cannot be read: ${error.message}`, error);
    } finally {
      await client.end();
    }
  }
  return found;
}
