import { initialState } from '../../../src/core/deployment/deployment-state.ts';
import type { DeploymentSummary } from '../../../src/core/deployment/deployment-summary.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import type { NewAuditEntry } from '../../../src/store/audit-store.ts';
import type { NewDeployment } from '../../../src/store/admission-store.ts';
import { aPlan, type PlanChanges } from '../plan-builder.ts';

/** What asks for admission: a deployment of 2.0 over 1.0, number 1 unless said otherwise. */
export function aNewDeployment(
  changes: Partial<NewDeployment> & { readonly plans?: PlanChanges } = {},
): NewDeployment {
  const { plans, ...rest } = changes;
  const plan = rest.plan ?? aPlan({ deployment: 1, ...plans });
  return {
    plan,
    planDigest: 'sha256:plan',
    state: initialState,
    environments: environmentsOf(plan),
    actor: 'local:ada',
    reason: 'because',
    request: null,
    audit: [],
    ...rest,
  };
}

function environmentsOf({ services }: Plan): NewDeployment['environments'] {
  return Object.fromEntries(
    services.map(({ release }) => [release.configDigest, { TOKEN: 'abc' }]),
  );
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
