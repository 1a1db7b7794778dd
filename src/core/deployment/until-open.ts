/** The command of a deployment whose place is closed: as in a pause, but nobody need resume it. */
import type { Plan, Step } from '../plan/plan.ts';
import { watchedTraffic } from '../plan/watched-traffic.ts';
import { closureSentence } from '../words/closure-sentence.ts';
import type { Closure } from './closure.ts';
import type { DeploymentState } from './deployment-state.ts';
import type { AboutCommand } from './pause.ts';

export function untilOpen(
  plan: Plan,
  { position }: DeploymentState,
  closure: Closure,
  { id, row }: Step,
): AboutCommand {
  return {
    step: 'freeze',
    row,
    title: `Wait before ${id}: ${closureSentence(closure)}`,
    action: { kind: 'hold-traffic', watched: watchedTraffic(plan, position) },
    deadlineMs: Infinity,
  };
}
