import type { Plan } from '../../src/core/plan/plan.ts';
import { faults, type Fault } from './fault.ts';

const OF_DATA: readonly Fault[] = ['data-away', 'data-full', 'table-locked', 'store-away'];

/** All but those that a plan knows nothing of: nobody approves of it, or no freeze stops it. */
export function faultsOf({ kind, services: [{ rollout, database }] }: Plan): readonly Fault[] {
  return faults.filter((fault) => {
    if (OF_DATA.includes(fault)) return database !== undefined;
    if (fault === 'approvers-away') return rollout.approvals !== undefined;
    return fault !== 'place-frozen' || kind === 'deploy';
  });
}
