/** A command's outcome as the audit log keeps it, and back: what was recorded is not done again. */
import type { AuditBody } from '../core/audit/audit-entry.ts';
import type { Command, DeploymentEvent } from '../core/deployment/deployment-state.ts';

/** The events that carrying a command out can end in. */
export type OutcomeEvent = Extract<
  DeploymentEvent,
  {
    kind:
      | ('CommandSucceeded' | 'CommandFailed' | 'CommandStopped')
      | ('CommandWithheld' | 'EffectObserved');
  }
>;

export function aboutCommand({ step, row, attempt, token, purpose }: Command) {
  return { step, row, attempt, token, purpose };
}

export function outcomeBody(command: Command, event: OutcomeEvent, durationMs: number): AuditBody {
  return { ...event, ...aboutCommand(command), durationMs };
}

/** What the command found out before a crash; null when nothing was recorded. */
export function recordedOutcome(body: AuditBody | null): OutcomeEvent | null {
  if (body?.kind === 'CommandSucceeded') return { kind: body.kind, evidence: body.evidence };
  if (body?.kind === 'EffectObserved') return { kind: body.kind, inForce: body.inForce };
  if (body?.kind === 'CommandStopped') {
    const { kind, evidence, spentMs, isOpen } = body;
    return { kind, evidence, spentMs, ...(isOpen && { isOpen }) };
  }
  if (body?.kind === 'CommandWithheld') return { kind: body.kind, closure: body.closure };
  if (body?.kind !== 'CommandFailed') return null;
  const { kind, failure, judgement, course, decidedAtNs, zeroAtNs } = body;
  return { kind, failure, judgement, ...(course && { course }), decidedAtNs, zeroAtNs };
}
