/** What became of every step that was begun, from the entries of the audit log. */
import type { AuditBody, AuditEntry } from '../audit/audit-entry.ts';
import type { GateLook } from '../gates/gate-look.ts';
import type { Judgement } from '../gates/judge-traffic.ts';
import type { TrafficCourse } from '../gates/traffic-course.ts';
import type { Plan, Step } from '../plan/plan.ts';
import type { ComparedFigures } from '../verdict/compared-figures.ts';
import { metricFamilies } from '../verdict/verdict-settings.ts';
import { counted } from '../words/counted.ts';
import { oddsSentence } from '../words/odds-sentence.ts';
import { explainFinding } from './explained-finding.ts';
import type { ExplainedStep, JudgedTraffic } from './explanation.ts';

/** How the step at hand goes, which is not on record yet. */
export interface StepAtHand {
  readonly step: string;
  readonly look: GateLook;
}

export function explainSteps(
  plan: Plan,
  entries: readonly AuditEntry[],
  atHand: StepAtHand | null,
): readonly ExplainedStep[] {
  const known = new Map([...plan.steps, ...plan.revert].map((step) => [step.id, step]));
  const explained = new Map<string, ExplainedStep>();
  for (const entry of entries) {
    if (!('step' in entry.body)) continue;
    const step = known.get(entry.body.step);
    if (!step) continue;
    const after = afterEntry(step, explained.get(step.id) ?? null, entry);
    if (after) explained.set(step.id, after);
  }
  return [...explained.values()].map((step) => soFar(step, known.get(step.id), atHand));
}

/** What is known of a step that runs. */
function soFar(
  explained: ExplainedStep,
  step: Step | undefined,
  atHand: StepAtHand | null,
): ExplainedStep {
  if (!step || explained.outcome !== 'running' || atHand?.step !== step.id) return explained;
  const { judgement, course } = atHand.look;
  const judged = judgedTraffic(step, judgement, course);
  return { ...explained, sentence: judgement.reason, judged };
}

function afterEntry(
  step: Step,
  before: ExplainedStep | null,
  { at, body }: AuditEntry,
): ExplainedStep | null {
  if (body.kind === 'CommandIssued') {
    return { ...begun(step, before?.startedAt ?? at), attempts: body.attempt };
  }
  return before && { ...before, ...outcomeOf(step, body) };
}

function begun(step: Step, startedAt: string): ExplainedStep {
  const { id, row, phase, title } = step;
  return {
    ...{ id, row, phase, title, startedAt },
    attempts: 1,
    outcome: 'running',
    code: null,
    durationMs: null,
    sentence: 'It has not ended.',
    judged: null,
  };
}

function outcomeOf(step: Step, body: AuditBody): Partial<ExplainedStep> {
  if (body.kind === 'CommandSucceeded') {
    const { evidence, durationMs } = body;
    const judged = judgedTraffic(step, evidence.judgement, evidence.course);
    return { outcome: 'passed', durationMs, sentence: evidence.summary, judged };
  }
  if (body.kind === 'CommandFailed') {
    const { failure, judgement, course, durationMs } = body;
    return {
      ...{ outcome: 'failed', code: failure.code, durationMs },
      // What a request ended is no finding of its own; how far the verdict had come is one.
      sentence: judgement?.reason ?? failure.message,
      judged: judgedTraffic(step, judgement, course),
    };
  }
  if (body.kind === 'CommandStopped') {
    const { summary, judgement, course } = body.evidence;
    return { sentence: summary, judged: judgedTraffic(step, judgement, course) };
  }
  if (body.kind !== 'EffectObserved' || !body.inForce) return {};
  return { outcome: 'passed', code: null, sentence: 'Looked at again: it is in force.' };
}

export function judgedTraffic(
  { action }: Step,
  judgement: Judgement | null | undefined,
  course: TrafficCourse | null = null,
): JudgedTraffic | null {
  const isJudge = action.kind === 'judge-traffic' || action.kind === 'judge-mirror';
  if (!isJudge || !judgement) return null;
  const { verdict, findings, compared = null } = judgement;
  const weights = action.kind === 'judge-traffic' ? action.comparison?.settings.weights : undefined;
  return {
    verdict,
    weight: action.kind === 'judge-traffic' ? action.weight : 0,
    findings: findings.map((finding) =>
      explainFinding(finding, action.limits, { compared, course }),
    ),
    compared,
    families: metricFamilies.filter((family) => (weights?.[family] ?? 0) > 0),
    evidence: compared && evidenceSentence(compared, course),
    course,
  };
}

/** How strong the evidence was, and when it had become so. */
function evidenceSentence(
  { evidence, needed, candidate }: ComparedFigures,
  course: TrafficCourse | null,
): string {
  if (candidate.responses === 0) return 'none: no answer of the candidate has been compared yet';
  const odds = oddsSentence(evidence.total, needed);
  const point = course?.evidence.findIndex((log) => log !== null && log >= needed) ?? -1;
  if (course === null || point < 0) return odds;
  const after = Math.min(course.seconds, (point + 1) * course.secondsPerPoint);
  return `${odds}, ${counted(after, 'second')} after the first request at this weight`;
}
