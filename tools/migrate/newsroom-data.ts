/** What clients under load do not write to: how the newsroom's tables are built, and its articles. */
import type { ContentPart } from '../../src/core/backup/content.ts';
import { appliedMigrations } from '../../src/platform/migration-record.ts';
import { openPostgres } from '../../src/platform/open-postgres.ts';
import { postgresContent } from '../../src/platform/postgres-content.ts';

export async function newsroomData(url: string): Promise<readonly ContentPart[]> {
  const client = await openPostgres(url);
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const parts = await postgresContent(client, 'newsroom');
    return parts.filter(
      ({ name, isDefinition }) => isDefinition === true || name.endsWith('.articles'),
    );
  } finally {
    await client.end();
  }
}

/** In the order in which they were, as the driver `sql` records them. */
export async function finishedMigrations(url: string): Promise<readonly string[]> {
  const record = { table: 'surefoot_migrations', recordedAs: (name: string) => name, tool: null };
  return (await appliedMigrations(url, record)).flatMap(({ name, isFinished }) =>
    isFinished ? [name] : [],
  );
}
