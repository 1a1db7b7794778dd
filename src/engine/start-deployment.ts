/** Admits a planned deployment, one at a time per scope, and begins to carry it out. */
import type { AuditBody } from '../core/audit/audit-entry.ts';
import { initialState, isPastReturn } from '../core/deployment/deployment-state.ts';
import { operationalError } from '../core/operational-error.ts';
import {
  admitDeployment,
  findDeployment,
  type DeploymentRecord,
} from '../store/deployment-store.ts';
import { addRequest } from '../store/operator-request-store.ts';
import type { PreparedPlan } from './plan-deployment.ts';
import { scopeBusy } from './scope-busy.ts';
import type { Engine } from './start-engine.ts';

export interface Intent {
  readonly actor: string;
  readonly reason: string;
  readonly planDigest?: string | undefined;
  readonly requestKey?: string | undefined;
}

export async function startDeployment(
  engine: Engine,
  prepared: PreparedPlan,
  intent: Intent,
): Promise<{ readonly deployment: DeploymentRecord; readonly isNew: boolean }> {
  const { plan, digest } = prepared;
  if (intent.planDigest !== undefined && intent.planDigest !== digest) {
    throw operationalError(
      'plan-outdated',
      `The plan made now has digest ${digest}, asked for was ${intent.planDigest}.`,
    );
  }
  const requested: AuditBody = {
    kind: 'DeploymentRequested',
    deployment: plan.id,
    deploymentKind: plan.kind,
    release: plan.release,
    replaces: plan.replaces,
    planDigest: digest,
    reason: intent.reason,
  };
  const admission = await admitDeployment(engine.database, {
    plan,
    planDigest: digest,
    state: initialState,
    environment: prepared.environment,
    actor: intent.actor,
    reason: intent.reason,
    requestKey: intent.requestKey ?? null,
    audit: [
      {
        scope: plan.scope,
        deployment: plan.deployment,
        actor: intent.actor,
        key: 'requested',
        body: requested,
      },
    ],
  });
  switch (admission.kind) {
    case 'busy':
      throw scopeBusy(admission.running, plan.scope);
    case 'outdated':
      throw operationalError('plan-outdated', 'Another deployment was admitted meanwhile.');
    case 'repeated':
    case 'admitted':
      // Beginning is idempotent, and a crash right here is made good at the next start.
      await engine.begin(admission.deployment.number);
      return { deployment: admission.deployment, isNew: admission.kind === 'admitted' };
  }
}

/** Asks a running deployment to revert. Refused when it has ended or cannot be taken back any more. */
export async function requestAbort(
  engine: Engine,
  number: number,
  intent: Pick<Intent, 'actor' | 'reason'>,
): Promise<DeploymentRecord> {
  const record = await findDeployment(engine.database, number);
  if (!record) throw operationalError('not-found', `There is no deployment d${number}.`);
  if (record.status !== 'running') {
    throw operationalError(
      'request-too-late',
      `Deployment d${number} has ended: ${record.status}.`,
    );
  }
  if (isPastReturn(record.plan, record.state)) {
    throw operationalError(
      'request-too-late',
      `Deployment d${number} is retiring the old release and can only go on.`,
    );
  }
  const { actor, reason } = intent;
  await addRequest(engine.database, number, { kind: 'abort', actor, reason }, [
    {
      scope: record.plan.scope,
      deployment: number,
      actor,
      key: null,
      body: { kind: 'AbortRequested', reason },
    },
  ]);
  return record;
}
