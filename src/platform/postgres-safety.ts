/**
 * Reads back what makes PostgreSQL keep what it acknowledged. Asked on every new connection: some of
 * it can be lowered for a role or a database at any time.
 */
import { operationalError } from '../core/operational-error.ts';

/** Both `Client` and a client of a `Pool` of package `pg` fit. */
export interface QueryClient {
  query(text: string): Promise<{ readonly rows: readonly unknown[] }>;
}

const accepted: Readonly<Record<string, readonly string[]>> = {
  fsync: ['on'],
  full_page_writes: ['on'],
  synchronous_commit: ['on', 'remote_apply'],
  data_checksums: ['on'],
};

/** Throws `database-unsafe`, naming the first setting that may lose acknowledged writes. */
export async function checkPostgresSafety(client: QueryClient): Promise<void> {
  const names = Object.keys(accepted).map((name) => `'${name}'`);
  const { rows } = await client.query(
    `SELECT name, setting FROM pg_settings WHERE name IN (${names.join(', ')})`,
  );
  const settings = new Map(
    (rows as { name: string; setting: string }[]).map((row) => [row.name, row.setting]),
  );
  for (const [name, values] of Object.entries(accepted)) {
    const setting = settings.get(name) ?? 'missing';
    if (!values.includes(setting)) {
      throw operationalError(
        'database-unsafe',
        `PostgreSQL runs with ${name} = ${setting}; Surefoot needs ${values.join(' or ')}.`,
        { details: { setting: name, observed: setting, expected: values } },
      );
    }
  }
}
