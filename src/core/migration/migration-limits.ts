/** What whoever applies migrations puts up with. */
export interface MigrationLimits {
  /** How long it waits for a lock, and others behind it. */
  readonly lockMs: number;
  /** How long one statement may run. */
  readonly statementMs: number;
}
