import type { Action } from './plan.ts';

/** Whether an action only looks: as long as no other was sent, there is nothing to take back. */
export function changesNothing(action: Action): boolean {
  switch (action.kind) {
    case 'validate-release':
    case 'secure-backup':
    case 'rehearse-migrations':
    case 'check-data':
    case 'note-schema':
    case 'check-schema':
    case 'check-pools':
    case 'probe-pool':
    case 'probe-service':
    case 'drain-pool':
    case 'verify-state':
      return true;
    case 'apply-migrations':
    case 'ensure-pool':
    case 'apply-split':
    case 'drill-revert':
    // They take the traffic away by themselves.
    case 'judge-traffic':
    case 'hold-traffic':
    case 'await-approval':
    case 'judge-mirror':
    case 'stop-pool':
      return false;
  }
}
