/** What became of checks, for people. */
import { relative } from 'node:path';
import { COMPLIANCE, type ComplianceReport } from '../../core/compliance/compliance-report.ts';
import { controlCounts } from '../../core/compliance/control-line.ts';
import { putUpWith } from '../../core/validation/criterion.ts';
import { criterionSentence } from '../../core/validation/criterion-sentence.ts';
import type { Waiver } from '../../core/validation/waiver.ts';
import { showDuration } from '../../core/words/show-duration.ts';
import type { CheckResult } from '../../engine/validation/check-result.ts';
import { openControlLines } from './compliance-lines.ts';
import { escapeText } from './escape-text.ts';
import { foundText, fromRun, isIdle, timeText } from './found-text.ts';
import type { Paint, Signs } from './paint.ts';
import { tableLines } from './table.ts';

export function endedLine(
  result: CheckResult,
  { paint, signs }: { readonly paint: Paint; readonly signs: Signs },
): string {
  const { name, outcome } = result;
  const sign = outcome === 'PASS' ? paint.good(signs.passed) : paint.bad(signs.failed);
  return `${sign} ${name}: ${outcome}${howText(result)}`;
}

function howText(result: CheckResult): string {
  const { reused, because, durationMs } = result;
  if (reused) return `, ${fromRun(reused)}`;
  return isIdle(result) ? `. ${because ?? ''}` : ` after ${showDuration(durationMs)}`;
}

export interface CheckEvidence {
  /** The folder of the run. */
  readonly evidence: string;
  readonly compliance: ComplianceReport | null;
  /** Why what was checked has no digest; null when it has. */
  readonly sourceRefusal: string | null;
  readonly idleWaivers: readonly Waiver[];
}

export function checkLines(
  results: readonly CheckResult[],
  { evidence, compliance, sourceRefusal, idleWaivers }: CheckEvidence,
  { paint, columns }: { readonly paint: Paint; readonly columns: number },
): string[] {
  const header = ['CHECK', 'ROW', 'RESULT', 'FOUND', 'TOOL', 'TIME', 'EVIDENCE'];
  const rows = results.map((result) => [
    result.name,
    result.row ?? '-',
    result.outcome,
    result.name === COMPLIANCE && compliance
      ? controlCounts(compliance.controls)
      : foundText(result),
    result.tool ? [result.tool.name, result.tool.version].filter(Boolean).join(' ') : '-',
    timeText(result),
    result.evidence ? relative(evidence, result.evidence.report?.path ?? result.evidence.log) : '-',
  ]);
  const table = tableLines({ header, rows: rows.map((row) => row.map(escapeText)), columns });
  const passed = results.filter(({ outcome }) => outcome === 'PASS').length;
  return [
    ...table,
    '',
    ...results.flatMap(putUpWithLines),
    ...results
      .filter(({ outcome }) => outcome !== 'PASS')
      .flatMap((result) => whyLines(result).map(paint.warn)),
    ...(compliance ? openControlLines(compliance, paint) : []),
    ...idleWaivers.map((waiver) => escapeText(idleText(waiver))),
    ...(sourceRefusal === null ? [] : [escapeText(`No report is used again: ${sourceRefusal}`)]),
    `${passed} of ${results.length} checks passed. Evidence: ${evidence}`,
  ];
}

function idleText({ finding, owner }: Waiver): string {
  return `The waiver of ${finding} by ${owner} puts up with nothing that was found: correct it, or take it out.`;
}

/** `lint: 1 finding, waived by …` */
function putUpWithLines({ name, criteria }: CheckResult): string[] {
  return criteria.flatMap((criterion) => {
    const text = putUpWith(criterion);
    return text === null ? [] : [escapeText(`${name}: ${text}`)];
  });
}

function whyLines({ name, outcome, because, criteria }: CheckResult): string[] {
  return [
    ...(because === null ? [] : [because]),
    ...criteria.filter(({ state }) => state !== 'met').map(criterionSentence),
  ].map((text) => escapeText(`! ${name} ${outcome}: ${text}`));
}
