/** How a deployment whose place is closed goes on: the place is found open, or somebody overrides it. */
import type { Plan, Step } from '../plan/plan.ts';
import { closureSentence } from '../words/closure-sentence.ts';
import { overrideOf, type Closure } from './closure.ts';
import type { Decided, Decision, DeploymentState } from './deployment-state.ts';
import type { OperatorRequest } from './operator-request.ts';
import { aboutRequest } from './pause.ts';
import { send } from './send-command.ts';

/** A wait until it is open was ended: by that, or by a request that changes nothing about it. */
export function thaw(plan: Plan, state: DeploymentState, step: Step, isOpen: boolean): Decided {
  if (!isOpen) return send(plan, state, []);
  const thawed: Decision = { kind: 'DeploymentThawed', before: step.id };
  return send(plan, opened(state), [thawed]);
}

/** Of what is known now; a freeze that comes later, or the end of a later window, stops it again. */
export function overrideClosure(
  plan: Plan,
  state: DeploymentState,
  { step, closure, request }: Overriding,
): Decided {
  const overridden: Decision = {
    ...aboutRequest(request),
    ...{ kind: 'FreezeOverridden', before: step.id, closure },
  };
  const override = overrideOf(closure, state.override ?? null);
  return send(plan, { ...opened(state), override }, [overridden]);
}

/** However often the wait was tried, what was withheld has not begun. */
function opened(state: DeploymentState): DeploymentState {
  return { ...state, closure: null, attempt: 1, observing: false };
}

interface Overriding {
  readonly step: Step;
  readonly closure: Closure;
  readonly request: OperatorRequest;
}

/** What stands against going on, and what to do about it. */
export function closedWords({ id }: Plan, closure: Closure): string {
  return `${closureSentence(closure)} It goes on when that is over; to have it go on now: surefoot resume ${id} --override <reason>.`;
}
