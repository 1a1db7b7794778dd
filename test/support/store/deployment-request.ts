import { initialState } from '../../../src/core/deployment/deployment-state.ts';
import type { DeploymentSummary } from '../../../src/core/deployment/deployment-summary.ts';
import type { PlanInput } from '../../../src/core/plan/compile-plan.ts';
import type { NewAuditEntry } from '../../../src/store/audit-store.ts';
import type { NewDeployment } from '../../../src/store/deployment-store.ts';
import { aPlan } from '../plan-builder.ts';

/** What asks for admission: a deployment of 2.0 over 1.0, number 1 unless said otherwise. */
export function aNewDeployment(
  changes: Partial<NewDeployment> & { readonly plans?: Partial<PlanInput> } = {},
): NewDeployment {
  const { plans, ...rest } = changes;
  return {
    plan: aPlan({ deployment: 1, ...plans }),
    planDigest: 'sha256:plan',
    state: initialState,
    environment: { TOKEN: 'abc' },
    actor: 'local:ada',
    reason: 'because',
    request: null,
    audit: [],
    ...rest,
  };
}

export function anAuditEntry(changes: Partial<NewAuditEntry> = {}): NewAuditEntry {
  return {
    scope: 'production/web',
    deployment: 1,
    actor: 'surefoot',
    key: null,
    body: { kind: 'DeploymentStarted' },
    ...changes,
  };
}

export function aSummary(changes: Partial<DeploymentSummary> = {}): DeploymentSummary {
  return {
    release: '2.0',
    replaces: '1.0',
    outcome: 'promoted',
    cause: null,
    exposure: {
      requests: 10,
      failures: 0,
      clientErrors: 0,
      idempotentClientErrors: 0,
      rescued: 0,
      budgetSeconds: 0,
      isWhole: true,
    },
    decisionToZeroMs: null,
    totalMs: 1_000,
    ...changes,
  };
}
