/** What somebody asked of a deployment, and what became of it, in one sentence. */
import type { AuditBody } from '../audit/audit-entry.ts';
import { closureSentence } from './closure-sentence.ts';
import { showDuration } from './show-duration.ts';

const KINDS = {
  ...{ OperatorAsked: true, DeploymentPaused: true, DeploymentResumed: true, HoldEnded: true },
  ...{ HoldWaived: true, ApprovalGiven: true, RequestIdle: true, RequestDeclined: true },
  ...{ CommandWithheld: true, DeploymentThawed: true, FreezeOverridden: true },
} as const;

export type RequestBody = Extract<AuditBody, { kind: keyof typeof KINDS }>;

/** Whether an entry tells of a request, or of what became of it. */
export function isRequestBody(body: AuditBody): body is RequestBody {
  return body.kind in KINDS;
}

/** `actor` is the entry's own. */
export function requestSentence(actor: string, body: RequestBody): string {
  switch (body.kind) {
    case 'OperatorAsked':
      return `${actor} asks to ${body.asked}: ${body.reason === '' ? 'no reason given' : body.reason}`;
    case 'DeploymentPaused':
      return `Now ${pauseWords(body)}.`;
    case 'DeploymentResumed':
      return `Resumed by ${body.actor}.`;
    case 'HoldEnded':
      return `The time of the pause is over: it goes on with ${body.before}.`;
    case 'HoldWaived':
      return `The rest of the time of ${body.step} is waived by ${body.actor}.`;
    case 'ApprovalGiven':
      return `${body.actor} approves at ${body.step}, ${body.given} of ${body.needed}${body.reason === '' ? '' : `: ${body.reason}`}`;
    case 'CommandWithheld':
      return `Waits before ${body.step}: ${closureSentence(body.closure)}`;
    case 'DeploymentThawed':
      return `The place is open: it goes on with ${body.before}.`;
    case 'FreezeOverridden':
      return `${body.actor} has it go on with ${body.before} all the same${body.reason === '' ? '' : `: ${body.reason}`}. (${closureSentence(body.closure)})`;
    case 'RequestIdle':
      return `Nothing to ${body.asked} for ${body.actor}: ${body.because}`;
    case 'RequestDeclined':
      return `Declined to ${body.asked} for ${body.actor}: ${body.because}`;
  }
}

/** `paused before shift-50 by ada for 30 min: lunch`. */
export function pauseWords({
  before,
  actor,
  reason,
  forMs,
}: Extract<AuditBody, { kind: 'DeploymentPaused' }>): string {
  const time = forMs === null ? '' : ` for ${showDuration(forMs)}`;
  return `paused before ${before} by ${actor}${time}${reason === '' ? '' : `: ${reason}`}`;
}
