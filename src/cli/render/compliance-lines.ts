/** Controls and what shows them, for people. */
import { join } from 'node:path';
import type { ComplianceReport } from '../../core/compliance/compliance-report.ts';
import { controlCounts, controlLine } from '../../core/compliance/control-line.ts';
import { criterionSentence } from '../../core/validation/criterion-sentence.ts';
import type { KeptCompliance } from '../../engine/compliance/kept-compliance.ts';
import { escapeText } from './escape-text.ts';
import type { Paint } from './paint.ts';

type Answer = ComplianceReport['controls'][number];

/** Those that did not pass; that one does not apply is shown, too. */
export function openControlLines({ controls }: ComplianceReport, paint: Paint): string[] {
  return controls
    .filter(({ outcome }) => outcome !== 'passed')
    .map((control) => painted(control, paint)(escapeText(`! ${controlLine(control)}`)));
}

export function complianceLines(
  { report, evidence }: KeptCompliance,
  { paint }: { readonly paint: Paint },
): string[] {
  const { profile, controls, criteria, outcome, endedAt, service, environment } = report;
  return [
    ...controls.flatMap((control) => [
      painted(control, paint)(escapeText(controlLine(control))),
      ...control.evidence.map((shown) => paint.faint(evidenceLine(shown, evidence))),
    ]),
    '',
    ...criteria
      .filter(({ state }) => state !== 'met')
      .map((criterion) => paint.warn(escapeText(`! ${criterionSentence(criterion)}`))),
    escapeText(
      `${profile.title}, for ${service} in ${environment}: ${outcome}. ${controlCounts(controls)}; ${endedAt}.`,
    ),
  ];
}

function evidenceLine({ kind, name, observed, report }: Answer['evidence'][number], run: string) {
  const subject = name === '' ? kind : `${kind} ${name}`;
  const where = report ? ` [${join(run, report.path)} ${report.digest}]` : '';
  return escapeText(`    ${subject}: ${observed}${where}`);
}

function painted({ outcome }: Answer, paint: Paint): (text: string) => string {
  switch (outcome) {
    case 'passed':
      return paint.good;
    case 'failed':
      return paint.bad;
    case 'error':
    case 'not-checked':
      return paint.warn;
    case 'not-applicable':
      return paint.faint;
  }
}
