/**
 * Whether a release may be brought forward now, where it is to go. Only a deploy can be kept from it:
 * a rollback, a repair, a revert and an abort are the way out of trouble, and never wait.
 */
import { failureOf, type Failure } from '../failures.ts';
import type { Action, Plan } from '../plan/plan.ts';
import { closureSentence } from '../words/closure-sentence.ts';
import type { Freeze } from './freeze.ts';

/** Why a place is closed; what is overridden is not in it. */
export interface Closure {
  readonly freezes: readonly Freeze[];
}

/** What somebody has decided not to be stopped by: what was there then, and nothing that comes later. */
export interface Override {
  /** Their numbers. */
  readonly freezes: readonly number[];
}

/** `inForce`: over the place, at one moment. Null when it is open. */
export function closureOf(
  { kind }: Pick<Plan, 'kind'>,
  inForce: readonly Freeze[],
  override: Override | null,
): Closure | null {
  if (kind !== 'deploy') return null;
  const freezes = inForce.filter(({ id }) => !override?.freezes.includes(id));
  return freezes.length === 0 ? null : { freezes };
}

export function overrideOf({ freezes }: Closure, former: Override | null): Override {
  return { freezes: [...(former?.freezes ?? []), ...freezes.map(({ id }) => id)] };
}

/** Whether an action brings the release further: what only looks or judges goes on. */
export function bringsForward(action: Action): boolean {
  switch (action.kind) {
    case 'ensure-pool':
    case 'apply-split':
    case 'await-approval':
    case 'stop-pool':
      return true;
    case 'check-pools':
    case 'probe-pool':
    case 'probe-service':
    case 'judge-traffic':
    case 'judge-mirror':
    case 'hold-traffic':
    case 'drain-pool':
    case 'verify-state':
      return false;
  }
}

/** What a deploy is refused with. */
export function closureFailure(closure: Closure): Failure {
  return failureOf('frozen', closureSentence(closure), { details: { closure } });
}
