/** Why a deployment went as it did, for people: how it ended, every verdict with its figures, the way there. */
import type {
  ExplainedStep,
  Explanation,
  TurningPoint,
} from '../../core/explanation/explanation.ts';
import { evidenceOfChecks } from '../../core/explanation/evidence-of-checks.ts';
import { showDuration } from '../../core/words/show-duration.ts';
import { costFacts } from './cost-facts.ts';
import { escapeText } from './escape-text.ts';
import { judgedLines } from './judged-lines.ts';
import type { Paint, Signs } from './paint.ts';
import { factLines } from './table.ts';
import { logsCommand } from './logs-command.ts';

export interface ExplanationStyle {
  readonly paint: Paint;
  readonly signs: Signs;
  readonly columns: number;
}

/** `step` asks for one step alone; otherwise those that were judged or failed are told. */
export function explanationLines(
  explanation: Explanation,
  step: string | null,
  style: ExplanationStyle,
): string[] {
  const { steps } = explanation;
  const told = steps.filter((each) => (step === null ? isTelling(each) : each.id === step));
  if (step !== null) return told.flatMap((each) => stepLines(each, each.sentence, style));
  // What the headline has said is not said again.
  const blocks = told.flatMap((each) => {
    const isSaid = explanation.sentence.includes(each.sentence);
    return ['', ...stepLines(each, isSaid ? null : each.sentence, style)];
  });
  return [
    headline(explanation, style.paint),
    ...blocks,
    '',
    style.paint.strong('How it went (UTC)'),
    ...timelineLines(explanation.timeline),
    '',
    ...factLines([...endFacts(explanation), ['next', nextCommand(explanation)]]).map(escapeText),
  ];
}

function isTelling({ judged, outcome }: ExplainedStep): boolean {
  return judged !== null || outcome !== 'passed';
}

function headline({ status, sentence }: Explanation, paint: Paint): string {
  const text = escapeText(sentence);
  if (status === 'running') return paint.strong(text);
  return status === 'promoted' ? paint.good(text) : paint.bad(text);
}

function stepLines(
  step: ExplainedStep,
  sentence: string | null,
  { paint, signs, columns }: ExplanationStyle,
): string[] {
  const { judged } = step;
  const soFar = judged && step.outcome === 'running' ? 'so far ' : '';
  const how = `${soFar}${judged?.verdict ?? step.outcome}`;
  const after = step.durationMs === null ? '' : ` after ${showDuration(step.durationMs)}`;
  const attempts = step.attempts > 1 ? `, in attempt ${step.attempts}` : '';
  const code = step.code === null || judged ? '' : ` (${step.code})`;
  const why = sentence === null ? '' : `: ${sentence}`;
  const isBad = step.outcome === 'failed';
  const told = escapeText(`${how}${code}${after}${attempts}${why}`);
  return [
    paint.strong(escapeText(`${step.id} (${step.row}): ${step.title}`)),
    `  ${isBad ? paint.bad(told) : told}`,
    ...(judged ? judgedLines(judged, { columns: columns - 2, glyphs: signs.chart }) : []).map(
      (line) => `  ${escapeText(line)}`.trimEnd(),
    ),
  ];
}

function timelineLines(timeline: readonly TurningPoint[]): string[] {
  return timeline.map(({ at, text }) => `  ${timeOf(at)}  ${escapeText(text)}`);
}

/** The day stands in the history; here it would be the same in every line. */
function timeOf(at: string): string {
  return escapeText(at.slice('2026-01-02T'.length, -1));
}

function endFacts(explanation: Explanation): readonly (readonly [string, string])[] {
  const { cause, exposure, totalMs } = explanation;
  return [
    ...(cause ? [['code', cause.code] as const] : []),
    // Of a verdict it is this very explanation.
    ...(cause && cause.code !== 'gate-failed' ? [['remedy', cause.remedy] as const] : []),
    ...(exposure ? costFacts({ ...explanation, exposure }) : []),
    ...(totalMs === null ? [] : [['took', showDuration(totalMs)] as const]),
  ];
}

function nextCommand({ status, id, services, cause }: Explanation): string {
  const evidence = cause && evidenceOfChecks(cause);
  switch (status) {
    case 'running':
      return `surefoot watch ${id}`;
    case 'promoted':
      return 'surefoot status';
    case 'reverted':
    case 'held':
      return evidence ? `logs and reports of the checks: ${evidence}` : logsCommand(id, services);
  }
}
