import type { Plan } from '../../src/core/plan/plan.ts';
import { faults, type Fault } from './fault.ts';

/** All but those that a plan knows nothing of: nobody approves of it, or no freeze stops it. */
export function faultsOf({ kind, services: [{ rollout }] }: Plan): readonly Fault[] {
  return faults.filter((fault) => {
    if (fault === 'approvers-away') return rollout.approvals !== undefined;
    return fault !== 'place-frozen' || kind === 'deploy';
  });
}
