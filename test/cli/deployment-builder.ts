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
import type { TrafficCourse } from '../../src/core/gates/traffic-course.ts';
import type { Plan } from '../../src/core/plan/plan.ts';
import { packageVersion } from '../../src/platform/package-version.ts';
import { failedStep, issued, recordOf, succeeded } from '../support/core/record-builder.ts';
import { aPlan as planOf, aRolloutPolicy, type PlanChanges } from '../support/plan-builder.ts';

const digestOf = (letter: string): string => `sha256:${letter.repeat(64)}`;

/** Deployment 7 of newsroom 2.0 over 1.0, with two steps of traffic. */
export function aPlan(changes: PlanChanges = {}): Plan {
  return planOf({
    deployment: 7,
    service: 'newsroom',
    rollout: aRolloutPolicy({ weights: [10, 100] }),
    ...changes,
  });
}

export function aPlanAnswer(plan = aPlan()): PlanAnswer {
  return { plan, digest: digestOf('d'), refusal: null };
}

export function aDeployment(changes: Partial<DeploymentAnswer> = {}): DeploymentAnswer {
  const plan = aPlan();
  return {
    id: plan.id,
    number: plan.deployment,
    kind: plan.kind,
    environment: plan.environment,
    services: plan.services.map(({ service, release, replaces }) => ({
      ...{ service, release, replaces },
    })),
    status: 'running',
    step: { id: 'judge-10', title: 'Judge live traffic at 10 %', attempt: 1 },
    mode: 'forward',
    waiting: null,
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
  const { service = 'newsroom' } = changes;
  const { services } = aPlan({ service });
  const last = aDeployment({ services, status: 'promoted', mode: 'ended', step: null });
  return {
    environment: 'production',
    service,
    stable: last.services[0]?.release ?? null,
    listen: { host: '127.0.0.1', port: 8080 },
    last,
    pools: [],
    routing: null,
    refused: null,
    ...changes,
  };
}

export function aStatus(changes: Partial<StatusAnswer> = {}): StatusAnswer {
  const services = [aServiceStatus()];
  return { version: packageVersion(), driving: true, services, freezes: [], ...changes };
}

export function aSummary(changes: Partial<DeploymentSummary> = {}): DeploymentSummary {
  return {
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
    "The candidate's requests fail too often: 1.2 % of 250 requests, where at most 0 % may.",
  ),
  judgement: {
    verdict: 'ROLLBACK',
    reason:
      "The candidate's requests fail too often: 1.2 % of 250 requests, where at most 0 % may.",
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

/** Worse than the stable release in both respects. */
export const aComparedCause: Cause = {
  step: 'judge-10',
  failure: failureOf('gate-failed', 'The candidate is worse than the stable release.'),
  judgement: {
    verdict: 'ROLLBACK',
    reason: 'The candidate is worse than the stable release.',
    findings: [
      {
        metric: 'comparison',
        observed: 9.02,
        limit: 6.907755278982137,
        unit: 'nats',
        samples: 1_230,
        met: false,
      },
      {
        metric: 'errorRate',
        observed: 0.012,
        limit: 0.02,
        unit: 'fraction',
        samples: 1_430,
        met: true,
      },
      { metric: 'latency', observed: 34.5, limit: 100, unit: 'ms', samples: 1_430, met: true },
      {
        metric: 'samples',
        observed: 1_430,
        limit: 100,
        unit: 'requests',
        samples: 1_430,
        met: true,
      },
    ],
    compared: {
      evidence: { total: 9.02, families: { errors: 9.7, latency: -0.69, resources: 0 } },
      needed: 6.907755278982137,
      open: null,
      isWorse: true,
      culprits: ['errors'],
      candidate: { responses: 1_230, failures: 17, latencyMs: { p50: 4.21, p95: 34.5, p99: 71.2 } },
      stable: { responses: 12_870, failures: 1, latencyMs: { p50: 4.18, p95: 33.9, p99: 70.1 } },
      ticks: 14,
      discarded: 1,
      gauges: [{ gauge: 'memory', evidence: -0.3, growth: 38 * 1_024 ** 2, overMs: 7_200_000 }],
    },
  },
  decidedAtNs: '1000',
};

/** Fourteen seconds in which the candidate began to fail behind the eighth; nobody asked in the fifth. */
export function aCourse(): TrafficCourse {
  const seconds = Array.from({ length: 14 }, (_, second) => second);
  const failures = seconds.map((second) => (second < 8 ? 0 : second - 7));
  const requests = seconds.map((second) => (second === 4 ? 0 : 95 + (second % 4)));
  return {
    ...{ firstSecond: 500, seconds: 14, secondsPerPoint: 1 },
    candidate: {
      requests,
      failures,
      p95: seconds.map((second) => (second === 4 ? null : 30 + second / 2)),
    },
    stable: {
      requests: seconds.map((second) => 880 + second * 9),
      failures: seconds.map((second) => (second === 2 ? 1 : 0)),
      p95: seconds.map((second) => 31 + (second % 3)),
    },
    evidence: seconds.map((second) => (second < 8 ? -0.69 : -0.69 + (second - 7) * 1.62)),
    open: [
      { second: 500, metric: 'samples' },
      { second: 502, metric: 'held' },
    ],
  };
}

export const anInconclusiveCause: Cause = {
  step: 'judge-10',
  failure: failureOf(
    'gate-inconclusive',
    'Too few requests have reached the candidate at this weight: 1 of the 100 that it takes.',
  ),
  judgement: {
    verdict: 'INCONCLUSIVE',
    reason:
      'Too few requests have reached the candidate at this weight: 1 of the 100 that it takes.',
    findings: [
      { metric: 'errorRate', observed: 0, limit: 0, unit: 'fraction', samples: 1, met: true },
      { metric: 'samples', observed: 1, limit: 100, unit: 'requests', samples: 1, met: false },
      { metric: 'held', observed: 9_100, limit: 10_000, unit: 'ms', samples: 1, met: false },
    ],
  },
  decidedAtNs: '1000',
};

/** Audit lines with rising numbers and times. */
export function auditLines(bodies: readonly AuditBody[], actor = 'surefoot'): EventLine[] {
  return recordOf(bodies, actor).map((entry) => ({ kind: 'audit', entry }));
}

export function requested(plan: Plan, reason = ''): AuditBody {
  return {
    kind: 'DeploymentRequested',
    deployment: plan.id,
    deploymentKind: plan.kind,
    release: plan.services[0].release,
    replaces: plan.services[0].replaces,
    planDigest: digestOf('d'),
    reason,
  };
}

/** A step that was issued and passed. */
export function passed(plan: Plan, id: string, summary = 'As it should be.'): AuditBody[] {
  return [issued(plan, id), succeeded(plan, id, { summary }), { kind: 'StepPassed', step: id }];
}

/** A step that was issued and failed, and the decision to turn round. */
export function failed(plan: Plan, cause: Cause, course?: TrafficCourse): AuditBody[] {
  return [
    issued(plan, cause.step),
    failedStep(plan, cause, course),
    { kind: 'RevertDecided', cause },
  ];
}

export function ended(summary: DeploymentSummary): AuditBody {
  return { kind: 'DeploymentEnded', outcome: summary.outcome, summary };
}
