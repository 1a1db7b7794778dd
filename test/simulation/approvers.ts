/**
 * The people of a run whose plan must be approved: they look now and then whether it waits for them,
 * each in a hurry or a muddle of their own, and in the end enough of them have approved.
 */
import type { NewOperatorRequest } from '../../src/core/deployment/operator-request.ts';
import { ask } from './ask.ts';
import type { RunParts } from './simulated-run.ts';

type Approval = NewOperatorRequest & { readonly kind: 'approve' };

const LOOK_EVERY_MS = 40;
const PLAN = 'sha256:plan';

/** Two who count; and one of them again, one with another plan in hand, and the one who started it. */
const ACTS: readonly Approval[] = [
  approval('local:bob', PLAN),
  approval('local:eve', PLAN),
  approval('local:bob', PLAN),
  approval('local:dan', 'sha256:other'),
  approval('local:ada', PLAN),
];

function approval(actor: string, planDigest: string): Approval {
  return { kind: 'approve', actor, reason: '', planDigest };
}

/** By timers of their own, until the deployment has ended. */
export function approversOf(parts: RunParts): void {
  const { plan, time, random, store, weather } = parts;
  if (plan.services[0].rollout.approvals === undefined) return;
  const left = [...ACTS];
  const look = (): void => {
    if (store.statusOf(plan.deployment) !== 'running') return;
    const isAwaited = store.stepOf(plan.deployment).startsWith('approve-');
    // Who has nothing left to say has been heard, or was not there in time.
    if (isAwaited && left.length > 0 && !weather.is('approvers-away')) {
      const [act] = left.splice(random.below(left.length), 1);
      if (act) ask(parts, act);
    }
    time.after(LOOK_EVERY_MS, look);
  };
  time.after(LOOK_EVERY_MS, look);
}
