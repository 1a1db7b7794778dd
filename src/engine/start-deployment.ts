/** Admits a planned deployment, one at a time per service, and begins to carry it out. */
import { closureFailure, overrideOf, type Closure } from '../core/deployment/closure.ts';
import { initialState } from '../core/deployment/deployment-state.ts';
import { OperationalError, operationalError } from '../core/operational-error.ts';
import type { NewAuditEntry } from '../store/audit-store.ts';
import type { Admission, RequestMark } from '../store/admission-store.ts';
import type { DeploymentRecord } from '../store/deployment-store.ts';
import type { PreparedPlan } from './plan-deployment.ts';
import { closureNow } from './closure-now.ts';
import { scopeBusy } from './scope-busy.ts';
import type { Engine } from './start-engine.ts';

export interface Intent {
  readonly actor: string;
  readonly reason: string;
  readonly planDigest?: string | undefined;
  /** Why it is to go ahead although the place is closed. */
  readonly override?: string | undefined;
  readonly request?: RequestMark | undefined;
}

interface Overridden {
  readonly closure: Closure;
  readonly reason: string;
}

export interface StartedDeployment {
  readonly deployment: DeploymentRecord;
  /** False when the same request had started it before. */
  readonly isNew: boolean;
}

/**
 * A request that comes again gets what it got the first time, even though the world has moved since
 * and would refuse it now.
 */
export async function startOnce(
  engine: Engine,
  request: RequestMark | undefined,
  start: () => Promise<StartedDeployment>,
): Promise<StartedDeployment> {
  try {
    return await start();
  } catch (error) {
    const before = request && (await engine.store.findRequested(request));
    if (!before) throw error;
    return takeUp(engine, before);
  }
}

export async function startDeployment(
  engine: Engine,
  prepared: PreparedPlan,
  intent: Intent,
): Promise<StartedDeployment> {
  const { plan, digest } = prepared;
  if (intent.planDigest !== undefined && intent.planDigest !== digest) {
    throw operationalError(
      'plan-outdated',
      `The plan made now has digest ${digest}, asked for was ${intent.planDigest}.`,
    );
  }
  const closure = await closureNow(engine.store, plan);
  const overridden = closure && overrideWith(closure, intent.override);
  const admission = await engine.store.admitDeployment({
    plan,
    planDigest: digest,
    state: { ...initialState, override: closure && overrideOf(closure, null) },
    environments: prepared.environments,
    actor: intent.actor,
    reason: intent.reason,
    request: intent.request ?? null,
    audit: requestedEntries(prepared, intent, overridden),
  });
  switch (admission.kind) {
    case 'busy':
      throw scopeBusy(admission.running, admission.scope);
    case 'outdated':
      throw operationalError('plan-outdated', 'Another deployment was admitted meanwhile.');
    case 'key-reused':
    case 'repeated':
      return takeUp(engine, admission);
    case 'admitted':
      // A crash right here is made good at the next start.
      await engine.begin(admission.deployment.number);
      return { deployment: admission.deployment, isNew: true };
  }
}

/** One that comes a moment later stops the deployment before its first step that changes anything. */
function overrideWith(closure: Closure, reason: string | undefined): Overridden {
  if (reason === undefined) throw new OperationalError(closureFailure(closure));
  return { closure, reason };
}

/** One for each service, for each has its own release. */
function requestedEntries(
  { plan, digest }: PreparedPlan,
  { actor, reason }: Intent,
  overridden: Overridden | null,
): readonly NewAuditEntry[] {
  return plan.services.map(({ service, scope, release, replaces }, index) => ({
    ...{ scope, deployment: plan.deployment, actor },
    key: index === 0 ? 'requested' : `requested ${service}`,
    body: {
      kind: 'DeploymentRequested',
      deployment: plan.id,
      deploymentKind: plan.kind,
      ...{ release, replaces, planDigest: digest, reason },
      ...(overridden && { overridden }),
    },
  }));
}

/** Beginning is idempotent: the first time may have ended before it came so far. */
async function takeUp(
  engine: Engine,
  before: Extract<Admission, { kind: 'repeated' | 'key-reused' }>,
): Promise<StartedDeployment> {
  if (before.kind === 'key-reused') {
    throw operationalError(
      'request-key-reused',
      `The request key came before with another request, which started d${before.by}.`,
    );
  }
  const { deployment } = before;
  if (deployment.status === 'running') await engine.begin(deployment.number);
  return { deployment, isNew: false };
}
