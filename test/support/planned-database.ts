import type {
  PlannedDatabase,
  PlannedMigration,
  PlannedMigrations,
} from '../../src/core/migration/planned-database.ts';

export function aPlannedMigration(name: string): PlannedMigration {
  return {
    ...{ name, digest: `digest of ${name}`, migrationClass: 'expand', isTransaction: true },
    dangers: [],
  };
}

export function plannedMigrations(changes: Partial<PlannedMigrations> = {}): PlannedMigrations {
  const now = [aPlannedMigration('1.sql')];
  return {
    ...{ driver: 'sql', folder: '/migrations', shipped: ['1.sql'], now, later: [] },
    ...{ lockMs: 2_000, blockedMs: 1_000, rowsLost: 0, timeBoxMs: 60_000 },
    ...changes,
  };
}

export function aPlannedDatabase(changes: Partial<PlannedDatabase> = {}): PlannedDatabase {
  return {
    ...{ variable: 'DATABASE_URL', backup: 'database', migrations: plannedMigrations() },
    invariants: [{ name: 'all-there', query: 'SELECT true' }],
    configDigest: `sha256:${'1'.repeat(64)}`,
    ...changes,
  };
}
