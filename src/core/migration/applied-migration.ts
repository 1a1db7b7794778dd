/** What a database says of a migration that it has had. */
export interface AppliedMigration {
  readonly name: string;
  /** Of its text, as it was. */
  readonly digest: string;
  /** One that goes in no transaction may have been broken off. */
  readonly isFinished: boolean;
}
