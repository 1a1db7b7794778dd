/** What the audit log must say of people's requests: each is answered, and means what it says. */
import type { Expectation, Report, SeenEntry } from './sight.ts';

export interface SeenPeople {
  /** The numbers of requests to promote. */
  readonly promotes: Set<unknown>;
  /** The numbers of all requests but aborts that were answered. */
  readonly answered: Set<unknown>;
  /** From when it is on record that nothing begins, to when it is on record that it goes on. */
  isPaused: boolean;
  /** Steps whose time somebody has waived. */
  readonly waived: Set<string>;
  /** Different people who have approved of this plan, and may. */
  readonly approvers: Set<string>;
}

/** What is expected of them, and who is told when it differs. */
interface Watch {
  readonly expected: Expectation;
  readonly report: Report;
}

export function nobodySeen(): SeenPeople {
  return {
    promotes: new Set(),
    answered: new Set(),
    isPaused: false,
    waived: new Set(),
    approvers: new Set(),
  };
}

export function readRequest(
  people: SeenPeople,
  { actor, body }: SeenEntry,
  { expected, report }: Watch,
): void {
  const { kind, request, asked, step = '' } = body;
  switch (kind) {
    case 'OperatorAsked':
      if (asked === 'promote') people.promotes.add(request);
      if (asked === 'approve') noteApproval(people, expected, { actor, digest: body.planDigest });
      break;
    case 'DeploymentPaused':
      people.isPaused = true;
      people.answered.add(request);
      break;
    case 'DeploymentResumed':
      if (!people.isPaused) report('I16', 'It was resumed, and nobody had paused it.');
      people.isPaused = false;
      people.answered.add(request);
      break;
    case 'HoldEnded':
    case 'RevertDecided':
    case 'DeploymentReverted':
    case 'DeploymentHeld':
      people.isPaused = false;
      break;
    case 'HoldWaived':
      if (!people.promotes.has(request)) report('I16', `Nobody has waived the time of ${step}.`);
      people.waived.add(step);
      people.answered.add(request);
      break;
    case 'StepPassed': {
      const gate = expected.approvals.find(({ before }) => step === `approve-${before}`);
      if (gate && people.approvers.size < gate.approvers) {
        report('I16', `${step} has passed with ${people.approvers.size} approvals.`);
      }
      break;
    }
    case 'ApprovalGiven':
    case 'FreezeOverridden':
    case 'RequestIdle':
    case 'RequestDeclined':
      people.answered.add(request);
      break;
    case 'CommandIssued':
      if (people.isPaused && step !== 'pause') report('I16', `${step} was issued in a pause.`);
      if (!people.isPaused && step === 'pause') report('I16', 'It is held, and nobody asked.');
  }
}

function noteApproval(
  { approvers }: SeenPeople,
  { planDigest, starter }: Expectation,
  { actor, digest }: { readonly actor: string; readonly digest: string | undefined },
): void {
  if (digest === planDigest && actor !== starter) approvers.add(actor);
}

/** The gates that lie between two shares, in their order. */
export function gatesBetween(
  approvals: Expectation['approvals'],
  from: number,
  to: number,
): readonly string[] {
  const between = approvals.filter(({ before }) => before > from && before <= to);
  return between.map(({ before }) => `approve-${before}`);
}
