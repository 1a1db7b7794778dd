/** A migration of a folder, as its driver reads it: what would be run, and what is known of it otherwise. */

/** What is run. */
export interface MigrationText {
  readonly name: string;
  /** Where it comes from: an absolute path. */
  readonly path: string;
  readonly digest: string;
  readonly text: string;
  /** False for what PostgreSQL refuses inside of one, and for what its author wants outside of one. */
  readonly isTransaction: boolean;
}

export interface MigrationFile extends MigrationText {
  /** Of what is no SQL that could be read before it runs; null of what is. */
  readonly unread: UnreadMigration | null;
}

export interface UnreadMigration {
  /** What its author says; null where nothing, or where it does not count. */
  readonly says: 'expand' | 'contract' | null;
  /** A sentence, with what to do. */
  readonly because: string;
}
