/** What a plan says of a service's database: what is applied to it, when, and what must hold of its data. */
import type { MigrationClass } from './migration-judgement.ts';

export interface PlannedMigration {
  readonly name: string;
  /** Of its text: another one is not applied. */
  readonly digest: string;
  readonly migrationClass: MigrationClass;
  readonly isTransaction: boolean;
  /** What is dangerous in it, a sentence each, with the safe way; the rehearsal shows whether it matters here. */
  readonly dangers: readonly string[];
}

export interface PlannedMigrations {
  readonly driver: string;
  /** Absolute path of the folder that they lie in. */
  readonly folder: string;
  /** All that the release brings; what the next deployment knows it has had. */
  readonly shipped: readonly string[];
  /** Applied by this deployment, in this order. */
  readonly now: readonly PlannedMigration[];
  /** Contract migrations: not before the release that serves has lived without what they take away. */
  readonly later: readonly PlannedMigration[];
  readonly lockMs: number;
  /** How long nobody may be able to write or read a table. */
  readonly blockedMs: number;
  /** How many rows a table may lose by them. */
  readonly rowsLost: number;
  readonly timeBoxMs: number;
}

/** A sentence about the data, as a query that finds one value: true. */
export interface Invariant {
  readonly name: string;
  readonly query: string;
}

export interface PlannedDatabase {
  /** In which the instances get its URL. */
  readonly variable: string;
  /** The backup that migrations are rehearsed on; null without one. */
  readonly backup: string | null;
  readonly migrations: PlannedMigrations | null;
  readonly invariants: readonly Invariant[];
  /** Objects that come and go by themselves, and are not compared: `public.events_*`. Missing when there are none. */
  readonly changing?: readonly string[];
  /** Of its URL and of how the driver is configured, which are kept apart. */
  readonly configDigest: string;
}
