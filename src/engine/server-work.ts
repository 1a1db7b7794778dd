import type { CopyPlannedLog } from './backup/copy-planned-log.ts';
import type { SecurePlanned } from './backup/secure-planned.ts';
import type { DatabaseWork } from './migration/database-work.ts';
import type { PlanDatabase } from './migration/plan-database.ts';
import type { ValidatePlanned } from './validation/validate-planned.ts';

/** What the server that drives does itself, beside what drivers do: for deployments and their databases, and by the clock. */
export interface ServerWork extends DatabaseWork {
  readonly planDatabase: PlanDatabase;
  /** Runs the checks of a release. */
  readonly validate: ValidatePlanned;
  /** Has a verified backup, or takes one. */
  readonly secureBackup: SecurePlanned;
  /** Keeps what a database has written since. */
  readonly copyLog: CopyPlannedLog;
}
