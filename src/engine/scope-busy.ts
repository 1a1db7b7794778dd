import { operationalError, type OperationalError } from '../core/operational-error.ts';

/** The refusal of a second deployment; `details.running` names the one in the way. */
export function scopeBusy(running: number, scope: string): OperationalError {
  return operationalError('scope-busy', `Deployment d${running} of ${scope} has not ended.`, {
    details: { running: `d${running}` },
  });
}
