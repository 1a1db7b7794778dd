/** What a deployment does to a database: asked of the database itself, before anything is planned. */
import type { PlannedDatabase, PlannedMigrations } from '../../core/migration/planned-database.ts';
import { sortMigrations } from '../../core/migration/sort-migrations.ts';
import { operationalError } from '../../core/operational-error.ts';
import type { DriverEnvironment } from '../../drivers/contract.ts';
import type { ConnectDriver } from '../connect-driver.ts';
import { unpackedSecrets } from './database-secrets.ts';
import { readMigrations } from './read-migrations.ts';

/** As it is wished for. */
export interface WishedDatabase extends Omit<PlannedDatabase, 'migrations'> {
  readonly migrations: Omit<PlannedMigrations, 'shipped' | 'now' | 'later'> | null;
}

export interface PlanDatabaseCall {
  readonly database: WishedDatabase;
  /** What belongs to the digest that it names. */
  readonly packed: Readonly<Record<string, string>>;
  /** What came with the release that serves; null where none serves. */
  readonly shippedBefore: readonly string[] | null;
}

/** Throws `migration-refused` with each file that cannot be applied, `migration-invalid`, `database-unreachable`. */
export type PlanDatabase = (call: PlanDatabaseCall) => Promise<PlannedDatabase>;

const TIME_TO_ASK_MS = 30_000;

export function planDatabaseFrom(given: {
  readonly connect: ConnectDriver;
  readonly agents: DriverEnvironment;
}): PlanDatabase {
  return async ({ database, packed, shippedBefore }) => {
    const { migrations } = database;
    if (!migrations) return { ...database, migrations: null };
    const { url, migration: config } = unpackedSecrets(packed);
    const migrator = given.connect(
      'migration',
      { driver: migrations.driver, config },
      given.agents,
    );
    const signal = AbortSignal.timeout(TIME_TO_ASK_MS);
    const read = await readMigrations(migrator, migrations.folder, signal);
    const files = read.map(({ judged }) => judged);
    const applied = await migrator.applied(url, { signal });
    const sorted = sortMigrations({ files, applied, shippedBefore });
    if (sorted.kind === 'refused') {
      throw operationalError('migration-refused', sorted.because.join(' '));
    }
    const { now, later } = sorted;
    const shipped = files.map(({ name }) => name);
    return {
      ...database,
      migrations: {
        ...migrations,
        shipped,
        now,
        later,
      },
    };
  };
}
