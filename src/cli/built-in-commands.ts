/** Every command, in the order in which `surefoot help` shows them. */
import type { RegisterCommand } from './cli-session.ts';
import { registerApprove } from './commands/approve.ts';
import { registerAbort } from './commands/abort.ts';
import { registerBackup } from './commands/backup.ts';
import { registerCheck } from './commands/check.ts';
import { registerCompliance } from './commands/compliance.ts';
import { registerDemo } from './commands/demo.ts';
import { registerDeploy } from './commands/deploy.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerDown } from './commands/down.ts';
import { registerExplain } from './commands/explain.ts';
import { registerFreeze } from './commands/freeze.ts';
import { registerFreezes } from './commands/freezes.ts';
import { registerHistory } from './commands/history.ts';
import { registerHelp } from './commands/help.ts';
import { registerHold } from './commands/hold.ts';
import { registerInit } from './commands/init.ts';
import { registerLoad } from './commands/load.ts';
import { registerLogs } from './commands/logs.ts';
import { registerMigrations } from './commands/migrations.ts';
import { registerPacks } from './commands/packs.ts';
import { registerPause } from './commands/pause.ts';
import { registerPlan } from './commands/plan.ts';
import { registerPromote } from './commands/promote.ts';
import { registerResume } from './commands/resume.ts';
import { registerRollback } from './commands/rollback.ts';
import { registerStatus } from './commands/status.ts';
import { registerStress } from './commands/stress.ts';
import { registerUnfreeze } from './commands/unfreeze.ts';
import { registerUp } from './commands/up.ts';
import { registerValidate } from './commands/validate.ts';
import { registerWatch } from './commands/watch.ts';

export const builtInCommands: readonly RegisterCommand[] = [
  registerUp,
  registerDown,
  registerInit,
  registerValidate,
  registerCheck,
  registerPacks,
  registerLoad,
  registerStress,
  registerCompliance,
  registerBackup,
  registerMigrations,
  registerPlan,
  registerDeploy,
  registerWatch,
  registerExplain,
  registerStatus,
  registerHistory,
  registerRollback,
  registerAbort,
  registerApprove,
  registerPause,
  registerHold,
  registerResume,
  registerPromote,
  registerFreeze,
  registerUnfreeze,
  registerFreezes,
  registerLogs,
  registerDoctor,
  registerDemo,
  registerHelp,
];
