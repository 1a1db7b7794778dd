/**
 * What became of one control: whether it applies, and what its evidence shows. A control passes only when all of its
 * evidence does; what nothing shows is `not-checked`.
 */
import type { ControlResult } from '../validation/fact.ts';
import type { Condition, Control, Exemption } from './control.ts';
import {
  shownBy,
  type AnswerOutcome,
  type CheckShown,
  type ObservedFacts,
  type ShownEvidence,
} from './shown-evidence.ts';

export interface ControlAnswer extends ControlResult {
  readonly outcome: AnswerOutcome;
  readonly source: string;
  readonly evidence: readonly ShownEvidence[];
  /** What somebody said of it, in force or expired. */
  readonly exemption: SaidExemption | null;
}

export type SaidExemption = Omit<Exemption, 'untilMs'> & { readonly isInForce: boolean };

/** All that controls are judged by. */
export interface ControlFacts {
  readonly environment: string;
  readonly service: string;
  readonly checks: readonly CheckShown[];
  readonly facts: ObservedFacts;
  readonly exemptions: readonly Exemption[];
  /** Since 1970. */
  readonly nowMs: number;
}

type Answered = Pick<ControlAnswer, 'outcome' | 'message' | 'evidence'>;

export function judgeControl(control: Control, known: ControlFacts): ControlAnswer {
  const { id, title, source, level } = control;
  const said = known.exemptions.find((each) => each.control === id);
  const exemption = said ? saidOf(said, known.nowMs) : null;
  const answered = answerOf(control, known, exemption);
  return { id, title, source, level, ...answered, exemption };
}

function saidOf({ untilMs, ...said }: Exemption, nowMs: number): SaidExemption {
  return { ...said, isInForce: nowMs <= untilMs };
}

function answerOf(
  control: Control,
  known: ControlFacts,
  exemption: SaidExemption | null,
): Answered {
  const condition = conditionOf(control.applies, known);
  if (condition) return { ...condition, evidence: [] };
  if (exemption?.isInForce) {
    const { owner, until, reason } = exemption;
    const message = `until ${until}, says ${owner}: ${reason}`;
    return { outcome: 'not-applicable', message, evidence: [] };
  }
  const evidence = evidenceOf(control, known);
  const outcome = worstOf(evidence);
  const message = outcome === 'passed' ? null : sentenceOf(evidence, exemption);
  return { outcome, message, evidence };
}

/** Null where it applies. */
function conditionOf(
  { environments, services, fact }: Condition,
  { environment, service, facts }: ControlFacts,
): Omit<Answered, 'evidence'> | null {
  if (environments && !environments.includes(environment)) {
    return notApplicable(`it applies in ${environments.join(', ')} only`);
  }
  if (services && !services.includes(service)) {
    return notApplicable(`it applies to ${services.join(', ')} only`);
  }
  if (fact === undefined) return null;
  const { state, observed } = facts[fact] ?? { state: 'unknown', observed: 'nobody looked' };
  switch (state) {
    case 'holds':
      return null;
    case 'broken':
      return notApplicable(observed);
    case 'unknown':
      return { outcome: 'error', message: `whether it applies is unknown: ${observed}` };
  }
}

function notApplicable(message: string): Omit<Answered, 'evidence'> {
  return { outcome: 'not-applicable', message };
}

/** A check that is named twice, by itself and by its row, is shown once. */
function evidenceOf(control: Control, known: ControlFacts): readonly ShownEvidence[] {
  const all = control.evidence.flatMap((evidence) => shownBy(evidence, known));
  return all.filter(
    ({ kind, name, observed }, index) =>
      all.findIndex(
        (each) => each.kind === kind && each.name === name && each.observed === observed,
      ) === index,
  );
}

const WORST_FIRST = ['failed', 'error', 'not-checked'] as const;

function worstOf(evidence: readonly ShownEvidence[]): AnswerOutcome {
  const found = WORST_FIRST.find((outcome) => evidence.some((each) => each.outcome === outcome));
  return found ?? (evidence.length > 0 ? 'passed' : 'not-checked');
}

/** All that did not pass, the worst first. */
function sentenceOf(evidence: readonly ShownEvidence[], expired: SaidExemption | null): string {
  const reasons = WORST_FIRST.flatMap((outcome) =>
    evidence.filter((each) => each.outcome === outcome),
  ).map(({ kind, name, observed }) =>
    kind === 'check' || kind === 'fact' ? `${name}: ${observed}` : observed,
  );
  return [
    ...(reasons.length > 0 ? reasons : ['it names no evidence']),
    ...(expired ? [`that it does not apply, said ${expired.owner} until ${expired.until}`] : []),
  ].join('; ');
}
