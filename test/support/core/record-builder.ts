/** Audit entries of a deployment, as the engine would record them. */
import type { AuditBody, AuditEntry } from '../../../src/core/audit/audit-entry.ts';
import type { Cause, Evidence } from '../../../src/core/deployment/deployment-state.ts';
import type { TrafficCourse } from '../../../src/core/gates/traffic-course.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';

/** With rising numbers and times. */
export function recordOf(bodies: readonly AuditBody[], actor = 'surefoot'): AuditEntry[] {
  return bodies.map((body, index) => ({
    sequence: 100 + index,
    at: `2026-01-02T03:04:${String(5 + index).padStart(2, '0')}.000Z`,
    scope: 'production/newsroom',
    deployment: 7,
    actor,
    body,
  }));
}

export function issued(plan: Plan, id: string, attempt = 1): AuditBody {
  const { title, action } = stepOf(plan, id);
  return { kind: 'CommandIssued', ...aboutStep(plan, id), attempt, title, action };
}

export function succeeded(plan: Plan, id: string, evidence: Evidence): AuditBody {
  return { kind: 'CommandSucceeded', ...aboutStep(plan, id), evidence, durationMs: 1_234 };
}

export function failedStep(
  plan: Plan,
  { step, failure, judgement }: Pick<Cause, 'step' | 'failure' | 'judgement'>,
  course?: TrafficCourse,
): AuditBody {
  return {
    kind: 'CommandFailed',
    ...aboutStep(plan, step),
    failure,
    judgement,
    ...(course && { course }),
    decidedAtNs: '100',
    zeroAtNs: null,
    durationMs: 3_300,
  };
}

export function lookedAt(plan: Plan, id: string, inForce: boolean): AuditBody {
  return { kind: 'EffectObserved', ...aboutStep(plan, id), inForce, durationMs: 1 };
}

function aboutStep(plan: Plan, id: string) {
  const { row } = stepOf(plan, id);
  const token = { deployment: plan.deployment, sequence: 1 };
  return { step: id, row, attempt: 1, token, purpose: 'act' } as const;
}

function stepOf(plan: Plan, id: string) {
  const step = [...plan.steps, ...plan.revert].find((each) => each.id === id);
  if (!step) throw new Error(`There is no step ${id}.`);
  return step;
}
