import { currentStep } from '../core/deployment/deployment-state.ts';
import { waitingOf } from '../core/deployment/waiting.ts';
import { deploymentIdOf } from '../core/model/ids.ts';
import type { DeploymentRecord } from '../store/deployment-store.ts';
import type { DeploymentAnswer } from './contract/answers.ts';

export function deploymentAnswer(record: DeploymentRecord): DeploymentAnswer {
  const { plan, state } = record;
  const step = record.status === 'running' ? currentStep(plan, state) : undefined;
  return {
    id: deploymentIdOf(record.number),
    number: record.number,
    kind: plan.kind,
    environment: plan.environment,
    services: plan.services.map(({ service, release, replaces }) => ({
      ...{ service, release, replaces },
    })),
    status: record.status,
    step: step ? { id: step.id, title: step.title, attempt: state.attempt } : null,
    mode: state.mode,
    waiting: waitingOf(plan, state),
    planDigest: record.planDigest,
    actor: record.actor,
    reason: record.reason,
    createdAt: record.createdAt,
    endedAt: record.endedAt,
    summary: record.summary,
  };
}
