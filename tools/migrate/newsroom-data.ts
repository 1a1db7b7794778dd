/** What clients under load do not write to: how the newsroom's tables are built, and its articles. */
import type { Client } from 'pg';
import type { ContentPart } from '../../src/core/backup/content.ts';
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

/** In the order in which they were. */
export async function appliedMigrations(url: string): Promise<readonly string[]> {
  const client = await openPostgres(url);
  try {
    if (!(await wasEverMigrated(client))) return [];
    const { rows } = await client.query<{ name: string }>(
      'SELECT name FROM surefoot_migrations WHERE finished_at IS NOT NULL ORDER BY number',
    );
    return rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

async function wasEverMigrated(client: Client): Promise<boolean> {
  const { rowCount } = await client.query(
    "SELECT FROM pg_class WHERE relname = 'surefoot_migrations'",
  );
  return rowCount !== 0;
}
