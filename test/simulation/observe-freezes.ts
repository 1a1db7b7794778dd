/** What the audit log must say of freezes: where a place is frozen, nothing is begun that goes further. */
import { textOf, type Expectation, type Report, type SeenBody, type Token } from './sight.ts';

export interface SeenFreezes {
  /** Their numbers, from their begin until they are lifted or overridden; also of those that end by themselves. */
  readonly known: Set<number>;
  /** Those of them that somebody must lift. */
  readonly lasting: Set<number>;
  /** The numbers of requests to go on all the same. */
  readonly overrides: Set<unknown>;
  /** Steps that were begun: what may act is brought to its end. */
  readonly begun: Set<string>;
  /** The command that must not be carried out while it is frozen: its step and its token. */
  barred: { readonly step: string; readonly token: string } | null;
  /** Since the last command went on record there was a freeze. */
  mayWithhold: boolean;
  /** From when it is on record that a command was withheld, to when it is that it goes on. */
  isWaiting: boolean;
}

interface Watch {
  readonly expected: Expectation;
  readonly report: Report;
}

export function noFreezeSeen(): SeenFreezes {
  return {
    known: new Set(),
    lasting: new Set(),
    overrides: new Set(),
    begun: new Set(),
    barred: null,
    mayWithhold: false,
    isWaiting: false,
  };
}

/** Of a place, not of a deployment. */
export function readPlace(freezes: SeenFreezes, { kind, freeze }: SeenBody): void {
  if (!freeze) return;
  const { id, until } = freeze;
  if (kind === 'FreezeBegan') {
    freezes.known.add(id);
    if (until === null) freezes.lasting.add(id);
    freezes.mayWithhold = true;
  }
  if (kind === 'FreezeLifted') end(freezes, id);
}

function end(freezes: SeenFreezes, id: number): void {
  freezes.known.delete(id);
  freezes.lasting.delete(id);
  if (freezes.lasting.size === 0) freezes.barred = null;
}

export function readFreeze(freezes: SeenFreezes, body: SeenBody, watch: Watch): void {
  const { step = '', kind } = body;
  switch (kind) {
    case 'OperatorAsked':
      if (body.override === true) freezes.overrides.add(body.request);
      break;
    case 'CommandIssued':
      readCommand(freezes, body, watch);
      break;
    case 'CommandSucceeded':
    case 'CommandFailed':
      if (freezes.barred?.step === step) watch.report('I18', `${step} was begun in a freeze.`);
      freezes.begun.add(step);
      break;
    case 'CommandWithheld':
      readWithheld(freezes, step, watch);
      break;
    case 'FreezeOverridden':
      if (!freezes.overrides.has(body.request)) {
        watch.report('I18', 'A freeze was overridden, and nobody asked for it.');
      }
      for (const { id } of body.closure?.freezes ?? []) end(freezes, id);
      freezes.isWaiting = false;
      break;
    case 'StepPassed':
      // People may approve meanwhile.
      if (freezes.isWaiting && !step.startsWith('approve-')) {
        watch.report('I18', `${step} has passed in a freeze.`);
      }
      freezes.isWaiting = false;
      break;
    // Behind a pause it is asked anew.
    case 'DeploymentPaused':
    case 'DeploymentThawed':
    case 'RevertDecided':
    case 'DeploymentReverted':
    case 'DeploymentHeld':
      freezes.isWaiting = false;
  }
}

function readCommand(
  freezes: SeenFreezes,
  { step = '', attempt = 1, purpose, token }: SeenBody,
  { expected, report }: Watch,
): void {
  const isWait = step === 'freeze' || step === 'pause';
  if (freezes.isWaiting && !isWait) report('I18', `${step} was issued in a freeze.`);
  if (!freezes.isWaiting && step === 'freeze') report('I18', 'It waits, and nothing is frozen.');
  freezes.mayWithhold = freezes.known.size > 0;
  const isNew = purpose === 'act' && goesFurther(step) && !freezes.begun.has(step);
  // What it waited through is none of its own attempts.
  if (isNew && attempt > 1) report('I18', `${step} was begun with attempt ${attempt}.`);
  const isBarred = isNew && expected.kind === 'deploy' && freezes.lasting.size > 0;
  freezes.barred = isBarred && token ? { step, token: textOf(token) } : null;
}

function readWithheld(freezes: SeenFreezes, step: string, { expected, report }: Watch): void {
  if (!freezes.mayWithhold) report('I18', `${step} was withheld, and nothing is frozen.`);
  if (expected.kind !== 'deploy' || !goesFurther(step)) report('I18', `${step} was withheld.`);
  freezes.barred = null;
  freezes.isWaiting = true;
}

/** On the way to the point of no return; what looks, judges or waits does not. */
function goesFurther(step: string): boolean {
  return /^(check-balancer|drill-revert|apply-migrations|(start|retire)-(candidate|baseline)|grow-|approve-|mirror-|shift-|open-|settle-)/.test(
    step,
  );
}

/** A split that came into force though its command should have been withheld. */
export function isBarred({ barred }: SeenFreezes, token: Token): boolean {
  return barred?.token === textOf(token);
}
