/** Brings the store's schema up to date, once, whatever number of servers start together. */
import { sql, type Kysely } from 'kysely';
import { firstMigration } from './migrations/0001-first.ts';
import { driverTermMigration } from './migrations/0002-driver-term.ts';
import { requestsTakenOnceMigration } from './migrations/0003-requests-taken-once.ts';
import { requestsToWaitMigration } from './migrations/0004-requests-to-wait.ts';
import { approvalsMigration } from './migrations/0005-approvals.ts';
import { freezesMigration } from './migrations/0006-freezes.ts';
import { servicesMigration } from './migrations/0007-services.ts';
import { watchesMigration } from './migrations/0008-watches.ts';
import type { StoreSchema } from './schema.ts';

/** In order; one that was released never changes. */
const migrations: readonly { readonly name: string; readonly statements: string }[] = [
  { name: '0001-first', statements: firstMigration },
  { name: '0002-driver-term', statements: driverTermMigration },
  { name: '0003-requests-taken-once', statements: requestsTakenOnceMigration },
  { name: '0004-requests-to-wait', statements: requestsToWaitMigration },
  { name: '0005-approvals', statements: approvalsMigration },
  { name: '0006-freezes', statements: freezesMigration },
  { name: '0007-services', statements: servicesMigration },
  { name: '0008-watches', statements: watchesMigration },
];

/** Any fixed number of our own: the lock that lets one server migrate at a time. */
const MIGRATION_LOCK = 7_340_021;

export async function migrate(database: Kysely<StoreSchema>): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(transaction);
    await sql`create table if not exists schema_migrations (name text primary key, applied_at timestamptz not null default now())`.execute(
      transaction,
    );
    const applied = await sql<{ name: string }>`select name from schema_migrations`.execute(
      transaction,
    );
    const names = new Set(applied.rows.map((row) => row.name));
    for (const migration of migrations) {
      if (names.has(migration.name)) continue;
      await sql.raw(migration.statements).execute(transaction);
      await sql`insert into schema_migrations (name) values (${migration.name})`.execute(
        transaction,
      );
    }
  });
}
