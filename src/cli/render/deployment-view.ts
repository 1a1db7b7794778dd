/** What is known of a deployment from its plan and the events so far; events in, a new view out. */
import type { AuditBody, AuditEntry } from '../../core/audit/audit-entry.ts';
import type { Cause } from '../../core/deployment/deployment-state.ts';
import type { DeploymentSummary } from '../../core/deployment/deployment-summary.ts';
import type { GateLook } from '../../core/gates/gate-look.ts';
import type { Plan, PlannedSplit, Step } from '../../core/plan/plan.ts';
import { serviceOf } from '../../core/plan/service-of.ts';
import { closureSentence } from '../../core/words/closure-sentence.ts';
import { pauseWords } from '../../core/words/request-sentence.ts';
import type { FollowLine } from '../follow-deployment.ts';

export interface DeploymentView {
  readonly plan: Plan;
  readonly mode: 'forward' | 'reverting' | 'ended';
  /** The step at hand; null between steps. */
  readonly step: string | null;
  readonly attempt: number;
  /** How the step at hand goes. */
  readonly progress: string | null;
  /** While the step at hand judges live traffic. */
  readonly look: GateLook | null;
  /** Of each service, by its scope, the split that was last put in force. */
  readonly splits: Readonly<Record<string, PlannedSplit['weights']>>;
  /** Being written. */
  readonly pendingSplit: PlannedSplit['weights'] | null;
  /** Why nothing further begins; null while it goes on. */
  readonly pause: string | null;
  readonly cause: Cause | null;
  readonly summary: DeploymentSummary | null;
  readonly isServerAway: boolean;
}

export function viewOf(plan: Plan): DeploymentView {
  return {
    plan,
    mode: 'forward',
    step: null,
    attempt: 1,
    progress: null,
    look: null,
    splits: {},
    pendingSplit: null,
    pause: null,
    cause: null,
    summary: null,
    isServerAway: false,
  };
}

export function advanceView(view: DeploymentView, line: FollowLine): DeploymentView {
  switch (line.kind) {
    case 'audit':
      return afterEntry(view, line.entry);
    case 'progress':
      return line.step === view.step
        ? { ...view, progress: line.text, look: line.look ?? null }
        : view;
    case 'away':
      return { ...view, isServerAway: true };
    case 'back':
      return { ...view, isServerAway: false };
    case 'heartbeat':
      return view;
  }
}

/** Nothing is being carried out. */
const NO_STEP = { step: null, progress: null, look: null } as const;

function afterEntry(view: DeploymentView, { scope, body }: AuditEntry): DeploymentView {
  switch (body.kind) {
    case 'CommandIssued':
      return issued(view, body);
    case 'CommandSucceeded':
      return { ...view, ...NO_STEP, splits: splitsOf(view, scope), pendingSplit: null };
    case 'CommandFailed':
    case 'CommandStopped':
      return { ...view, ...NO_STEP, pendingSplit: null };
    case 'DeploymentPaused':
      return { ...view, pause: pauseWords(body) };
    case 'CommandWithheld':
      return { ...view, step: null, pendingSplit: null, pause: closedWords(body) };
    case 'DeploymentResumed':
    case 'DeploymentThawed':
    case 'FreezeOverridden':
    case 'HoldEnded':
      return { ...view, pause: null };
    case 'RevertDecided':
      return { ...view, ...NO_STEP, mode: 'reverting', pause: null, cause: body.cause };
    case 'DeploymentReverted':
    case 'DeploymentHeld':
      return { ...view, cause: view.cause ?? body.cause };
    case 'DeploymentEnded':
      return {
        ...view,
        ...NO_STEP,
        mode: 'ended',
        pause: null,
        cause: body.summary.cause ?? view.cause,
        summary: body.summary,
      };
    case 'DeploymentRequested':
    case 'DeploymentStarted':
    case 'DeploymentPromoted':
    case 'EffectObserved':
    case 'StepPassed':
    case 'RetryDecided':
    case 'AbortRequested':
    case 'AbortRefused':
    case 'OperatorAsked':
    case 'HoldWaived':
    case 'ApprovalGiven':
    case 'RequestIdle':
    case 'RequestDeclined':
    case 'RequestRefused':
    case 'FreezeBegan':
    case 'FreezeLifted':
    case 'BackupVerified':
    case 'BackupFailed':
    case 'BackupSwitched':
    case 'ControllerStarted':
    // A newer server may record more than this command knows.
    default:
      return view;
  }
}

/** With the one that was being written. */
function splitsOf({ splits, pendingSplit }: DeploymentView, scope: string | null) {
  return pendingSplit ? { ...splits, [scope ?? '']: pendingSplit } : splits;
}

function closedWords({ step, closure }: Extract<AuditBody, { kind: 'CommandWithheld' }>): string {
  return `waits before ${step}: ${closureSentence(closure)}`;
}

function issued(
  view: DeploymentView,
  body: Extract<AuditBody, { kind: 'CommandIssued' }>,
): DeploymentView {
  const { step, attempt, action, purpose } = body;
  const writes = purpose === 'act' && action.kind === 'apply-split' ? action.split.weights : null;
  const isSame = step === view.step;
  return {
    ...{ ...view, step, attempt, pendingSplit: writes },
    progress: isSame ? view.progress : null,
    look: isSame ? view.look : null,
  };
}

/** A step with its place: the steps of the way back are counted on their own. */
export interface PlacedStep {
  readonly step: Step;
  readonly number: number;
  readonly of: number;
  readonly isRevert: boolean;
}

export function placeOfStep(plan: Plan, id: string): PlacedStep | null {
  for (const [steps, isRevert] of [
    [plan.steps, false],
    [plan.revert, true],
  ] as const) {
    const index = steps.findIndex((step) => step.id === id);
    const step = steps[index];
    if (step) return { step, number: index + 1, of: steps.length, isRevert };
  }
  return null;
}

/** `[3/14]`, of several services `[3/14 api]`, and `[back 2/8]` on the way back. */
export function placeLabel(plan: Plan, id: string): string {
  const place = placeOfStep(plan, id);
  if (!place) return `[${id}]`;
  const service = plan.services.length > 1 ? ` ${serviceOf(plan, place.step.scope).service}` : '';
  return `[${place.isRevert ? 'back ' : ''}${place.number}/${place.of}${service}]`;
}

/** `1.0 90 %, 2.0 10 %`; the pools with traffic, or all of them. */
export function showSplit(weights: PlannedSplit['weights']): string {
  if (weights.length === 0) return 'closed';
  return weights.map(({ version, weight }) => `${version} ${weight} %`).join(', ');
}
