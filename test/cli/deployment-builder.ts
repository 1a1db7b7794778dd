/** Plans, answers and events of deployments, as the server would give them. */
import type {
  DeploymentAnswer,
  DeploymentDetailAnswer,
  EventLine,
  PlanAnswer,
  ServiceStatus,
  StatusAnswer,
} from '../../src/api/contract/answers.ts';
import type { AuditBody } from '../../src/core/audit/audit-entry.ts';
import type { Cause } from '../../src/core/deployment/deployment-state.ts';
import type { DeploymentSummary } from '../../src/core/deployment/deployment-summary.ts';
import { failureOf } from '../../src/core/failures.ts';
import { compilePlan, type PlanInput } from '../../src/core/plan/compile-plan.ts';
import type { Plan, Step } from '../../src/core/plan/plan.ts';
import { packageVersion } from '../../src/platform/package-version.ts';
import { aPlanInput, aRolloutPolicy } from '../support/plan-builder.ts';

const digestOf = (letter: string): string => `sha256:${letter.repeat(64)}`;

/** Deployment 7 of newsroom 2.0 over 1.0, with two steps of traffic. */
export function aPlan(changes: Partial<PlanInput> = {}): Plan {
  const input = aPlanInput({
    deployment: 7,
    service: 'newsroom',
    rollout: aRolloutPolicy({ weights: [10, 100] }),
    ...changes,
  });
  const compiled = compilePlan(input);
  if (compiled.kind === 'refused') throw new Error(compiled.failure.message);
  return compiled.plan;
}

export function aPlanAnswer(plan = aPlan()): PlanAnswer {
  return { plan, digest: digestOf('d') };
}

export function aDeployment(changes: Partial<DeploymentAnswer> = {}): DeploymentAnswer {
  const plan = aPlan();
  return {
    id: plan.id,
    number: plan.deployment,
    kind: plan.kind,
    environment: plan.environment,
    service: plan.service,
    release: plan.release,
    replaces: plan.replaces,
    status: 'running',
    step: { id: 'judge-10', title: 'Judge live traffic at 10 %', attempt: 1 },
    mode: 'forward',
    planDigest: digestOf('d'),
    actor: 'alice',
    reason: '',
    createdAt: '2026-01-02T03:04:05.678Z',
    endedAt: null,
    summary: null,
    ...changes,
  };
}

export function aDetail(changes: Partial<DeploymentDetailAnswer> = {}): DeploymentDetailAnswer {
  return { ...aDeployment(), plan: aPlan(), ...changes };
}

export function aServiceStatus(changes: Partial<ServiceStatus> = {}): ServiceStatus {
  const last = aDeployment({ status: 'promoted', mode: 'ended', step: null });
  return {
    environment: 'production',
    service: 'newsroom',
    stable: last.release,
    listen: { host: '127.0.0.1', port: 8080 },
    last,
    pools: [],
    routing: null,
    ...changes,
  };
}

export function aStatus(changes: Partial<StatusAnswer> = {}): StatusAnswer {
  return { version: packageVersion(), driving: true, services: [aServiceStatus()], ...changes };
}

export function aSummary(changes: Partial<DeploymentSummary> = {}): DeploymentSummary {
  return {
    release: '2.0',
    replaces: '1.0',
    outcome: 'promoted',
    cause: null,
    exposure: {
      requests: 12_345,
      failures: 0,
      clientErrors: 0,
      idempotentClientErrors: 0,
      rescued: 0,
      budgetSeconds: 0,
      isWhole: true,
    },
    decisionToZeroMs: null,
    totalMs: 72_000,
    ...changes,
  };
}

export const gateCause: Cause = {
  step: 'judge-10',
  failure: failureOf(
    'gate-failed',
    "The candidate's requests fail too often: observed 1.2 %, limit 0 %, 250 requests.",
  ),
  judgement: {
    verdict: 'ROLLBACK',
    reason: "The candidate's requests fail too often: observed 1.2 %, limit 0 %, 250 requests.",
    findings: [
      {
        metric: 'errorRate',
        observed: 0.012,
        limit: 0,
        unit: 'fraction',
        samples: 250,
        met: false,
      },
      { metric: 'latency', observed: 12, limit: 100, unit: 'ms', samples: 250, met: true },
      { metric: 'held', observed: 3_200, limit: 10_000, unit: 'ms', samples: 250, met: false },
    ],
  },
  decidedAtNs: '1000',
};

/** Audit lines with rising numbers and times. */
export function auditLines(bodies: readonly AuditBody[], actor = 'surefoot'): EventLine[] {
  return bodies.map((body, index) => ({
    kind: 'audit',
    entry: {
      sequence: 100 + index,
      at: `2026-01-02T03:04:${String(5 + index).padStart(2, '0')}.000Z`,
      scope: 'production/newsroom',
      deployment: 7,
      actor,
      body,
    },
  }));
}

export function requested(plan: Plan, reason = ''): AuditBody {
  return {
    kind: 'DeploymentRequested',
    deployment: plan.id,
    deploymentKind: plan.kind,
    release: plan.release,
    replaces: plan.replaces,
    planDigest: digestOf('d'),
    reason,
  };
}

/** A step that was issued and passed. */
export function passed(plan: Plan, id: string, summary = 'As it should be.'): AuditBody[] {
  const step = stepOf(plan, id);
  const about = aboutCommand(plan, step);
  return [
    { kind: 'CommandIssued', ...about, title: step.title, action: step.action },
    { kind: 'CommandSucceeded', ...about, evidence: { summary }, durationMs: 1_234 },
    { kind: 'StepPassed', step: id },
  ];
}

/** A step that was issued and failed, and the decision to turn round. */
export function failed(plan: Plan, cause: Cause): AuditBody[] {
  const step = stepOf(plan, cause.step);
  const about = aboutCommand(plan, step);
  const { failure, judgement } = cause;
  return [
    { kind: 'CommandIssued', ...about, title: step.title, action: step.action },
    {
      kind: 'CommandFailed',
      ...about,
      failure,
      judgement,
      decidedAtNs: '100',
      zeroAtNs: null,
      durationMs: 3_300,
    },
    { kind: 'RevertDecided', cause },
  ];
}

export function ended(summary: DeploymentSummary): AuditBody {
  return { kind: 'DeploymentEnded', outcome: summary.outcome, summary };
}

function stepOf(plan: Plan, id: string): Step {
  const step = [...plan.steps, ...plan.revert].find((candidate) => candidate.id === id);
  if (!step) throw new Error(`There is no step ${id}.`);
  return step;
}

function aboutCommand(plan: Plan, step: Step) {
  const token = { deployment: plan.deployment, sequence: 1 };
  return { step: step.id, row: step.row, attempt: 1, token, purpose: 'act' } as const;
}
