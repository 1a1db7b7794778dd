/** What the audit log must say of people's requests: each is answered, and means what it says. */
import type { Report, SeenBody } from './sight.ts';

export interface SeenPeople {
  /** The numbers of requests to promote. */
  readonly promotes: Set<unknown>;
  /** The numbers of all requests but aborts that were answered. */
  readonly answered: Set<unknown>;
  /** From when it is on record that nothing begins, to when it is on record that it goes on. */
  isPaused: boolean;
  /** Steps whose time somebody has waived. */
  readonly waived: Set<string>;
}

export function nobodySeen(): SeenPeople {
  return { promotes: new Set(), answered: new Set(), isPaused: false, waived: new Set() };
}

export function readRequest(people: SeenPeople, body: SeenBody, report: Report): void {
  const { kind, request, asked, step = '' } = body;
  switch (kind) {
    case 'OperatorAsked':
      if (asked === 'promote') people.promotes.add(request);
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
    case 'RequestIdle':
    case 'RequestDeclined':
      people.answered.add(request);
      break;
    case 'CommandIssued':
      if (people.isPaused && step !== 'pause') report('I16', `${step} was issued in a pause.`);
      if (!people.isPaused && step === 'pause') report('I16', 'It is held, and nobody asked.');
  }
}
