/** What changed the course of a deployment, told in the order of its record. */
import type { AuditBody, AuditEntry } from '../audit/audit-entry.ts';
import { abortMet } from '../deployment/refused-abort.ts';
import type { Plan } from '../plan/plan.ts';
import { serviceOf } from '../plan/service-of.ts';
import { releases } from '../words/releases.ts';
import { closureSentence } from '../words/closure-sentence.ts';
import { isRequestBody, requestSentence } from '../words/request-sentence.ts';
import { showDuration } from '../words/show-duration.ts';
import type { TurningPoint } from './explanation.ts';

type Told = Omit<TurningPoint, 'at'>;

export function turningPoints(
  plan: Plan,
  entries: readonly AuditEntry[],
  decisionToZeroMs: number | null,
): readonly TurningPoint[] {
  const points = entries.flatMap(({ at, actor, body }) =>
    [
      ...(pointsOf(plan, actor, body) ?? []),
      ...(body.kind === 'RevertDecided' && decisionToZeroMs !== null
        ? [emptied(plan, decisionToZeroMs)]
        : []),
    ].map((told) => ({ at, ...told })),
  );
  // An agent that is away is asked again and again, and fails in the same words.
  return points.filter(({ text }, at) => text !== points[at - 1]?.text);
}

function pointsOf(plan: Plan, actor: string, body: AuditBody): readonly Told[] | null {
  if (isRequestBody(body)) return [{ kind: 'asked', text: requestSentence(actor, body) }];
  switch (body.kind) {
    case 'DeploymentRequested': {
      const why = body.reason === '' ? '' : `: ${body.reason}`;
      const { overridden } = body;
      const spite = overridden
        ? ` In spite of: ${closureSentence(overridden.closure)} (${overridden.reason})`
        : '';
      return [{ kind: 'requested', text: `${actor} asked for it${why}${spite}` }];
    }
    case 'CommandSucceeded':
      return succeeded(plan, body);
    case 'CommandFailed':
      return [{ kind: 'failed', text: `${body.step}: ${failedWords(body)}` }];
    case 'AbortRequested': {
      const why = body.reason === '' ? 'no reason given' : body.reason;
      return [{ kind: 'asked', text: `${actor} asked to abort: ${why}` }];
    }
    case 'AbortRefused':
      return [{ kind: 'asked', text: refusedAbortWords(body) }];
    case 'RevertDecided':
      return [{ kind: 'turned', text: 'It was decided to revert.' }];
    case 'DeploymentEnded':
      return [
        {
          kind: 'ended',
          text: `${body.outcome} after ${showDuration(body.summary.totalMs)}`,
        },
      ];
    case 'CommandIssued':
    case 'CommandStopped':
    case 'EffectObserved':
    case 'DeploymentStarted':
    case 'StepPassed':
    case 'RetryDecided':
    case 'DeploymentPromoted':
    case 'DeploymentReverted':
    case 'DeploymentHeld':
    case 'RequestRefused':
    case 'FreezeBegan':
    case 'FreezeLifted':
    case 'BackupVerified':
    case 'BackupFailed':
    case 'BackupSwitched':
    case 'ControllerStarted':
      return null;
  }
}

function refusedAbortWords(body: Extract<AuditBody, { kind: 'AbortRefused' }>): string {
  const { actor, isReverting } = body;
  switch (abortMet(body)) {
    case 'reverting': {
      // As it was told when it was recorded; it need not have been an abort that it was taken back for.
      const again = isReverting === true ? ' again' : '';
      return `${actor} asked to abort${again}: it was being taken back already.`;
    }
    case 'reverted':
      return `${actor} asked to abort: it had been reverted already.`;
    case 'going-on':
      return `Too late to abort for ${actor}: it went on.`;
    case 'promoted':
      return `Too late to abort for ${actor}: it had been promoted.`;
    case 'held':
      return `Too late to abort for ${actor}: it was held.`;
  }
}

/** What the verdict rests on is told with its step. */
function failedWords({
  failure,
  judgement,
}: Extract<AuditBody, { kind: 'CommandFailed' }>): string {
  return failure.code === 'aborted' || !judgement ? failure.message : judgement.verdict;
}

function succeeded(
  plan: Plan,
  { step, evidence }: Extract<AuditBody, { kind: 'CommandSucceeded' }>,
): readonly Told[] | null {
  const found = [...plan.steps, ...plan.revert].find(({ id }) => id === step);
  const action = found?.action;
  const of = found && plan.services.length > 1 ? `${serviceOf(plan, found.scope).service} ` : '';
  if (action?.kind === 'apply-split' && action.split.lease) {
    const { candidate } = action.split.lease;
    const share = action.split.weights.find(({ pool }) => pool === candidate);
    if (!share) return null;
    const { mirror } = action.split.lease;
    if (mirror) {
      const text = `${of}${share.version} gets copies of ${mirror.percent} % of safe requests`;
      return [{ kind: 'shifted', text }];
    }
    return [
      { kind: 'shifted', text: `${of}${share.version} gets ${share.weight} % of new requests` },
    ];
  }
  const isJudge = action?.kind === 'judge-traffic' || action?.kind === 'judge-mirror';
  if (!isJudge || !evidence.judgement) return null;
  return [{ kind: 'judged', text: `${step}: ${evidence.judgement.verdict}` }];
}

function emptied({ services }: Plan, decisionToZeroMs: number): Told {
  const [{ release }, ...others] = services;
  const what = others.length === 0 ? release.version : releases(services);
  const text = `${what} had no traffic ${showDuration(decisionToZeroMs)} after the decision`;
  return { kind: 'emptied', text };
}
