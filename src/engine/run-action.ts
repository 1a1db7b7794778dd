/** Carries a command's action out, or looks whether it is in force; every action kind is here once. */
import type { Action } from '../core/plan/plan.ts';
import type { ActionContext, ActionResult } from './action-context.ts';
import { applyMigrations, areMigrationsApplied } from './actions/apply-migrations.ts';
import { checkData } from './actions/check-data.ts';
import { checkSchema } from './actions/check-schema.ts';
import { noteSchema } from './actions/note-schema.ts';
import { rehearseMigrations } from './actions/rehearse-migrations.ts';
import { applySplit, isSplitInForce } from './actions/apply-split.ts';
import { checkPools } from './actions/check-pools.ts';
import { drainPool } from './actions/drain-pool.ts';
import { drillRevert } from './actions/drill-revert.ts';
import { ensurePool, isPoolEnsured } from './actions/ensure-pool.ts';
import { holdTraffic } from './actions/hold-traffic.ts';
import { judgeMirror } from './actions/judge-mirror.ts';
import { judgeTraffic } from './actions/judge-traffic.ts';
import { probePool, probeService } from './actions/run-probes.ts';
import { secureBackup } from './actions/secure-backup.ts';
import { isPoolStopped, stopPool } from './actions/stop-pool.ts';
import { validateRelease } from './actions/validate-release.ts';
import { verifyState } from './actions/verify-state.ts';

export function runAction(context: ActionContext, action: Action): Promise<ActionResult> {
  switch (action.kind) {
    case 'validate-release':
      return validateRelease(context);
    case 'secure-backup':
      return secureBackup(context, action.backup);
    case 'rehearse-migrations':
      return rehearseMigrations(context);
    case 'apply-migrations':
      return applyMigrations(context);
    case 'check-data':
      return checkData(context);
    case 'note-schema':
      return noteSchema(context, action);
    case 'check-schema':
      return checkSchema(context);
    case 'check-pools':
      return checkPools(context, action);
    case 'ensure-pool':
      return ensurePool(context, action.pool);
    case 'probe-pool':
      return probePool(context, action.pool, action.policy);
    case 'probe-service':
      return probeService(context, action.pool, action.policy);
    case 'drill-revert':
      return drillRevert(context, action);
    case 'apply-split':
      return applySplit(context, action);
    case 'judge-traffic':
      return judgeTraffic(context, action);
    case 'hold-traffic':
    case 'await-approval':
      return holdTraffic(context, action.watched);
    case 'judge-mirror':
      return judgeMirror(context, action);
    case 'drain-pool':
      return drainPool(context, action.pool, action.waitMs);
    case 'stop-pool':
      return stopPool(context, action);
    case 'verify-state':
      return verifyState(context, action);
  }
}

/** Whether the action's effect is in force. Actions that only look have none, so they run again. */
export function isInForce(context: ActionContext, action: Action): Promise<boolean> {
  switch (action.kind) {
    case 'ensure-pool':
      return isPoolEnsured(context, action.pool);
    case 'drill-revert':
    case 'apply-split':
      return isSplitInForce(context, action.split, context.command.token);
    case 'apply-migrations':
      return areMigrationsApplied(context);
    case 'stop-pool':
      return isPoolStopped(context, action.pool);
    case 'validate-release':
    case 'secure-backup':
    case 'rehearse-migrations':
    case 'check-data':
    case 'note-schema':
    case 'check-schema':
    case 'check-pools':
    case 'probe-pool':
    case 'probe-service':
    case 'judge-traffic':
    case 'hold-traffic':
    case 'await-approval':
    case 'judge-mirror':
    case 'drain-pool':
    case 'verify-state':
      return Promise.resolve(false);
  }
}
