/** Tells from a deployment's record what was decided, why, and on which figures. */
import type { AuditBody, AuditEntry } from '../audit/audit-entry.ts';
import type { Cause } from '../deployment/deployment-state.ts';
import type { DeploymentSummary } from '../deployment/deployment-summary.ts';
import type { Waiting } from '../deployment/waiting.ts';
import { failures } from '../failures.ts';
import type { Plan } from '../plan/plan.ts';
import { closureSentence } from '../words/closure-sentence.ts';
import { releases } from '../words/releases.ts';
import { explainSteps, type StepAtHand } from './explained-steps.ts';
import type { ExplainedCause, ExplainedStep, Explanation } from './explanation.ts';
import { outcomeSentence } from './outcome-sentence.ts';
import { turningPoints } from './turning-points.ts';

/** `entries` are all of the deployment, in their order: how far it has come is read from them, too. */
export function explainDeployment(
  plan: Plan,
  entries: readonly AuditEntry[],
  atHand: StepAtHand | null = null,
  waiting: Waiting | null = null,
): Explanation {
  const bodies = entries.map(({ body }) => body);
  const summary = summaryIn(bodies);
  const steps = explainSteps(plan, entries, atHand);
  const cause = summary ? summary.cause : turnIn(bodies);
  const decisionToZeroMs = summary?.decisionToZeroMs ?? null;
  return {
    id: plan.id,
    kind: plan.kind,
    environment: plan.environment,
    services: plan.services.map(({ service, release, replaces }) => ({
      service,
      release: release.version,
      replaces: replaces?.version ?? null,
    })),
    status: summary?.outcome ?? 'running',
    sentence: summary
      ? endSentence(plan, summary, steps)
      : runningSentence(plan, { cause, steps, waiting }),
    cause: cause && explainCause(plan, cause),
    steps,
    timeline: turningPoints(plan, entries, decisionToZeroMs),
    exposure: summary?.exposure ?? null,
    decisionToZeroMs,
    totalMs: summary?.totalMs ?? null,
  };
}

function summaryIn(bodies: readonly AuditBody[]): DeploymentSummary | null {
  const end = bodies.findLast((body) => body.kind === 'DeploymentEnded');
  return end ? end.summary : null;
}

function turnIn(bodies: readonly AuditBody[]): Cause | null {
  const turn = bodies.findLast((body) => body.kind === 'RevertDecided');
  return turn ? turn.cause : null;
}

function explainCause(plan: Plan, cause: Cause): ExplainedCause {
  const step = [...plan.steps, ...plan.revert].find(({ id }) => id === cause.step);
  const { code, message, details = null } = cause.failure;
  return {
    step: cause.step,
    row: step?.row ?? null,
    title: step?.title ?? null,
    code,
    sentence: message,
    remedy: failures[code].remedy,
    details,
  };
}

function endSentence(
  plan: Plan,
  summary: DeploymentSummary,
  steps: readonly ExplainedStep[],
): string {
  const { outcome, cause } = summary;
  const is = outcome === 'held' ? 'is' : 'was';
  const why = cause?.failure.message ?? passedSentence(steps);
  return `${plan.id} ${is} ${outcome}: ${outcomeSentence(plan, summary)} ${why}`.trimEnd();
}

function passedSentence(steps: readonly ExplainedStep[]): string {
  const verdicts = steps.filter(({ judged }) => judged?.verdict === 'PASS').length;
  if (verdicts === 0) return '';
  return verdicts === 1
    ? 'The verdict on its live traffic was PASS.'
    : `All ${verdicts} verdicts on its live traffic were PASS.`;
}

function runningSentence(
  { id, services, environment }: Plan,
  {
    cause,
    steps,
    waiting,
  }: {
    readonly cause: Cause | null;
    readonly steps: readonly ExplainedStep[];
    readonly waiting: Waiting | null;
  },
): string {
  const step = steps.findLast(({ outcome }) => outcome === 'running');
  const underWay = step ? ` Under way: ${step.title} (${step.id}).` : '';
  const at = (waiting && waitingSentence(waiting)) ?? underWay;
  const what = `${releases(services)} ${services.length > 1 ? 'are' : 'is'} being`;
  return cause
    ? `${id} is running: ${what} taken back. ${cause.failure.message}${at}`
    : `${id} is running: ${what} brought to ${environment}.${at}`;
}

/** Null while the step at hand is still brought to its end. */
function waitingSentence(waiting: Waiting): string | null {
  switch (waiting.kind) {
    case 'pause': {
      const { isInForce, actor, before } = waiting;
      if (!isInForce) return null;
      return ` It is paused by ${actor} at ${before}: what has traffic is judged on.`;
    }
    case 'approval': {
      const { step, approvedBy, needed } = waiting;
      return ` It waits for approval at ${step}: ${approvedBy.length} of ${needed}.`;
    }
    case 'closure':
      return ` It waits at ${waiting.before}: ${closureSentence(waiting.closure)}`;
  }
}
