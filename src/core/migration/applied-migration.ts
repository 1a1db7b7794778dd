/** What a database says of a migration that it has had. */
export interface AppliedMigration {
  /** As it is recorded there, which need not be the name of its file. */
  readonly name: string;
  /** Of its text, as it was; null where a tool applied it that keeps none. */
  readonly digest: string | null;
  /** One that goes in no transaction may have been broken off. */
  readonly isFinished: boolean;
}
