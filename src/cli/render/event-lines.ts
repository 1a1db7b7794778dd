/** One event of a deployment as lines of text: at most one each, for logs and for people. */
import type { AuditBody, AuditEntry } from '../../core/audit/audit-entry.ts';
import { abortMet } from '../../core/deployment/refused-abort.ts';
import { windowsForecast } from '../../core/deployment/windows-forecast.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { windowsOf } from '../../core/plan/windows-of.ts';
import type { FollowLine } from '../follow-deployment.ts';
import { placeLabel, placeOfStep, showSplit } from './deployment-view.ts';
import { escapeText } from './escape-text.ts';
import type { Paint, Signs } from './paint.ts';
import { closureSentence } from '../../core/words/closure-sentence.ts';
import { isRequestBody, requestSentence } from '../../core/words/request-sentence.ts';
import { forecastSentence } from '../../core/words/window-words.ts';
import { showDuration } from '../../core/words/show-duration.ts';

export interface EventStyle {
  readonly paint: Paint;
  readonly signs: Signs;
  /** Lines that say what is under way; a live display shows that in its own place. */
  readonly withProgress: boolean;
  /** Times and sequence numbers, as the server wrote them. */
  readonly isVerbose: boolean;
}

export function eventLines(plan: Plan, line: FollowLine, style: EventStyle): string[] {
  switch (line.kind) {
    case 'audit':
      return entryLines(plan, line.entry, style);
    case 'progress': {
      if (!style.withProgress) return [];
      const text = `${placeLabel(plan, line.step)} ${escapeText(line.text)}`;
      return [style.paint.faint(text)];
    }
    case 'away':
      return [
        style.paint.warn(
          'The server is away; waiting. The deployment does not need this terminal.',
        ),
      ];
    case 'back':
      return [style.paint.warn('The server is back.')];
    case 'heartbeat':
      return [];
  }
}

function entryLines(plan: Plan, entry: AuditEntry, style: EventStyle): string[] {
  const text = entryText(plan, entry, style);
  if (text === null) return [];
  return [
    style.isVerbose ? `${style.paint.faint(`${entry.at} #${entry.sequence}`)} ${text}` : text,
  ];
}

function entryText(plan: Plan, entry: AuditEntry, style: EventStyle): string | null {
  const { actor, body } = entry;
  const { paint, signs } = style;
  if (isRequestBody(body)) return paint.warn(escapeText(requestSentence(actor, body)));
  switch (body.kind) {
    case 'DeploymentRequested':
      return requestedText(plan, entry, body);
    case 'CommandIssued':
      return style.withProgress ? issuedText(plan, body, style) : null;
    case 'CommandSucceeded': {
      const summary = escapeText(body.evidence.summary);
      const head = `${placeLabel(plan, body.step)} ${paint.good(signs.passed)} ${titleOf(plan, body.step)}`;
      return `${head} (${showDuration(body.durationMs)}): ${summary}`;
    }
    case 'CommandFailed': {
      const head = `${placeLabel(plan, body.step)} ${paint.bad(signs.failed)} ${titleOf(plan, body.step)}`;
      return `${head} (${showDuration(body.durationMs)}): ${escapeText(body.failure.message)}`;
    }
    case 'EffectObserved': {
      const what = body.inForce ? 'it is in force' : 'it is not in force';
      return `${placeLabel(plan, body.step)} looked again: ${what}`;
    }
    case 'RetryDecided':
      return `${placeLabel(plan, body.step)} trying again, attempt ${body.attempt}`;
    case 'AbortRequested':
      return paint.warn(`${escapeText(actor)} asks to abort: ${reasonText(body.reason)}`);
    case 'AbortRefused':
      return refusedAbortText(body, paint);
    case 'RequestRefused': {
      const what = `refused to ${body.request} for ${actor}: ${body.failure.message}`;
      return paint.warn(escapeText(what));
    }
    case 'RevertDecided':
      return paint.warn(`Reverting: ${escapeText(body.cause.failure.message)}`);
    case 'DeploymentStarted':
    case 'StepPassed':
    case 'CommandStopped':
    case 'DeploymentPromoted':
    case 'DeploymentReverted':
    case 'DeploymentHeld':
    case 'DeploymentEnded':
    case 'FreezeBegan':
    case 'FreezeLifted':
    case 'BackupVerified':
    case 'BackupFailed':
    case 'BackupSwitched':
    case 'ControllerStarted':
    // A newer server may record more than this command knows.
    default:
      return null;
  }
}

function refusedAbortText(
  body: Extract<AuditBody, { kind: 'AbortRefused' }>,
  paint: Paint,
): string {
  const actor = escapeText(body.actor);
  const tooLate = (what: string): string =>
    paint.warn(`Too late to abort for ${actor}: the deployment ${what}.`);
  switch (abortMet(body)) {
    case 'reverting':
      return `${actor} asked to abort: it is being taken back already.`;
    case 'reverted':
      return `${actor} asked to abort: it has been reverted already.`;
    case 'going-on':
      return tooLate('goes on');
    case 'promoted':
      return tooLate('has been promoted');
    case 'held':
      return tooLate('is held');
  }
}

function requestedText(
  plan: Plan,
  { at, scope, actor }: AuditEntry,
  body: Extract<AuditBody, { kind: 'DeploymentRequested' }>,
): string {
  const { release, replaces, deployment, deploymentKind, reason, overridden } = body;
  const service = plan.services.find((each) => each.scope === scope)?.service ?? '';
  const what = escapeText(
    `${deployment}: ${deploymentKind} ${service} ${release.version} in ${plan.environment}`,
  );
  const before = replaces ? `, replaces ${escapeText(replaces.version)}` : ', the first release';
  const why = reason === '' ? '' : `: ${escapeText(reason)}`;
  const spite = overridden
    ? `, in spite of: ${escapeText(`${closureSentence(overridden.closure)} (${overridden.reason})`)}`
    : '';
  return `${what}${before} (${escapeText(actor)}${why})${spite}${tooLateText(plan, scope, at)}`;
}

/** That its windows will close under it: told once, with the first service. */
function tooLateText(plan: Plan, scope: string | null, at: string): string {
  const forecast = scope === plan.services[0].scope ? windowsForecast(plan, Date.parse(at)) : null;
  if (!forecast?.closesBefore) return '';
  return `. ${escapeText(forecastSentence(windowsOf(plan), forecast) ?? '')}`;
}

function issuedText(
  plan: Plan,
  body: Extract<AuditBody, { kind: 'CommandIssued' }>,
  { paint, signs }: EventStyle,
): string | null {
  // Further tries are told by the decision to try again.
  if (body.attempt > 1 || body.purpose === 'observe') return null;
  // Told when it began.
  if (body.action.kind === 'hold-traffic') return null;
  if (body.action.kind === 'await-approval') {
    const text = `${placeLabel(plan, body.step)} ${signs.running} ${body.title}: surefoot approve ${plan.id}`;
    return paint.warn(escapeText(text));
  }
  const { action } = body;
  const split = action.kind === 'apply-split' ? `: ${showSplit(action.split.weights)}` : '';
  const text = `${placeLabel(plan, body.step)} ${signs.running} ${body.title}${split}`;
  return paint.faint(escapeText(text));
}

function titleOf(plan: Plan, id: string): string {
  return escapeText(placeOfStep(plan, id)?.step.title ?? id);
}

function reasonText(reason: string): string {
  return reason === '' ? 'no reason given' : escapeText(reason);
}
