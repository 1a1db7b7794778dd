/** What drivers of SQL share: which migrations were applied, and how they are, by where that is kept. */
import type { AppliedMigration } from '../core/migration/applied-migration.ts';
import type { MigrationText } from '../core/migration/migration-file.ts';
import type { MigrationLimits } from '../core/migration/migration-limits.ts';
import type { MigrationRun } from '../core/migration/migration-run.ts';
import { applyMigrations } from './apply-migrations.ts';
import { appliedMigrations, type MigrationRecord } from './migration-record.ts';

export interface RecordedMigrations {
  readonly recordedAs: MigrationRecord['recordedAs'];
  readonly applied: (url: string) => Promise<readonly AppliedMigration[]>;
  readonly apply: (
    url: string,
    migrations: readonly MigrationText[],
    limits: MigrationLimits,
    context: { readonly signal: AbortSignal },
  ) => Promise<readonly MigrationRun[]>;
}

export function recordedMigrations(record: MigrationRecord): RecordedMigrations {
  return {
    recordedAs: record.recordedAs,
    applied: (url) => appliedMigrations(url, record),
    apply: (url, migrations, limits, { signal }) =>
      applyMigrations(url, migrations, { record, limits, signal }),
  };
}
