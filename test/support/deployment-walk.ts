import { decide } from '../../src/core/deployment/decide.ts';
import type { Decided } from '../../src/core/deployment/deployment-state.ts';
import {
  initialState,
  type Command,
  type Decision,
  type DeploymentEvent,
  type DeploymentState,
} from '../../src/core/deployment/deployment-state.ts';
import { failureOf } from '../../src/core/failures.ts';
import type { Plan } from '../../src/core/plan/plan.ts';

export interface Walk {
  readonly state: DeploymentState;
  readonly commands: readonly Command[];
  readonly decisions: readonly Decision[];
}

/** What approvals in a walk are held against. */
const ORIGIN = { planDigest: 'sha256:plan', actor: 'ada' };

/** Answers each command by `answer` until the deployment has ended. */
export function walk(
  plan: Plan,
  answer: (command: Command, index: number) => readonly DeploymentEvent[],
): Walk {
  const commands: Command[] = [];
  const decisions: Decision[] = [];
  let decided: Decided = decide(plan, initialState, { kind: 'Started', origin: ORIGIN });
  decisions.push(...decided.decisions);
  while (decided.command) {
    commands.push(decided.command);
    if (commands.length > 10_000) throw new Error(`${plan.id} does not end`);
    for (const event of answer(decided.command, commands.length - 1)) {
      decided = decide(plan, decided.state, event);
      decisions.push(...decided.decisions);
    }
  }
  return { state: decided.state, commands, decisions };
}

export const succeeded: DeploymentEvent = {
  kind: 'CommandSucceeded',
  evidence: { summary: 'done', inForceSinceNs: '200' },
};

export const failed: DeploymentEvent = {
  kind: 'CommandFailed',
  failure: failureOf('probe-failed', 'no answer'),
  judgement: null,
  decidedAtNs: '100',
  zeroAtNs: null,
};

export const unreachable: DeploymentEvent = {
  ...failed,
  failure: failureOf('agent-unreachable', 'no connection'),
};

export const lostAnswer: DeploymentEvent = {
  ...failed,
  failure: failureOf('agent-unreachable', 'connection broke', { effect: 'unknown' }),
};

export const aborted: DeploymentEvent = {
  kind: 'AbortRequested',
  actor: 'local:ada',
  reason: 'changed my mind',
  decidedAtNs: '100',
  zeroAtNs: null,
};

export function observed(inForce: boolean): DeploymentEvent {
  return { kind: 'EffectObserved', inForce };
}

/** A wait that a request, or a hold's time, has ended. */
export function stopped(spentMs: number): DeploymentEvent {
  return { kind: 'CommandStopped', evidence: { summary: 'fine so far' }, spentMs };
}

export function asked(
  kind: 'pause' | 'resume' | 'promote',
  { forMs = null, id = 1 }: { readonly forMs?: number | null; readonly id?: number } = {},
): DeploymentEvent {
  const about = { id, actor: 'local:bob', reason: 'lunch' };
  const request = kind === 'pause' ? { ...about, kind, forMs } : { ...about, kind };
  return { kind: 'OperatorAsked', request };
}

/** Of this plan when no other is named. */
export function approved(actor: string, planDigest = ORIGIN.planDigest): DeploymentEvent {
  const request = { id: 1, kind: 'approve', actor, reason: '', planDigest } as const;
  return { kind: 'OperatorAsked', request };
}
