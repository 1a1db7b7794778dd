/** Judged migrations, for people: what each is, and below it what was found and the safe way. */
import type { MigrationFinding } from '../../core/migration/migration-judgement.ts';
import { strongestLock } from '../../core/migration/lock-mode.ts';
import type { JudgedFile } from '../judged-migrations.ts';
import { escapeText } from './escape-text.ts';
import { tableLines } from './table.ts';

export function migrationLines(judged: readonly JudgedFile[], columns: number): string[] {
  const header = ['MIGRATION', 'CLASS', 'LOCK', 'DANGERS'];
  const rows = judged.map((each) => rowOf(each).map(escapeText));
  return [...tableLines({ header, rows, columns }), ...judged.flatMap(findingLines)];
}

function rowOf(judged: JudgedFile): string[] {
  if (judged.kind === 'invalid') return [judged.file, 'invalid', '-', '-'];
  const { migrationClass, touches, findings } = judged.judgement;
  const lock = strongestLock(touches.map((touch) => touch.lock)) ?? '-';
  const dangers = findings.filter(({ group }) => group === 'danger').length;
  return [judged.file, migrationClass, lock, String(dangers)];
}

function findingLines(judged: JudgedFile): string[] {
  const { file } = judged;
  if (judged.kind === 'invalid') return ['', escapeText(`${file}: ${judged.because}`)];
  return judged.judgement.findings.flatMap((finding) => [
    '',
    escapeText(
      `${file}:${finding.place.line}:${finding.place.column} ${finding.group} ${finding.hazard}`,
    ),
    escapeText(`  ${sentenceOf(finding)}`),
    escapeText(`  Safe: ${finding.remedy}`),
  ]);
}

function sentenceOf({ subject, sentence, lock, rewrites, scans }: MigrationFinding): string {
  const work = [
    ...(lock === null ? [] : [`${lock} lock`]),
    ...(rewrites === 'no' ? [] : [rewrites === 'yes' ? 'rewrites' : 'may rewrite']),
    ...(scans === 'no' || rewrites === 'yes'
      ? []
      : [scans === 'yes' ? 'reads all rows' : 'may read all rows']),
  ];
  const named = subject === '' ? sentence : `${subject}: ${sentence}`;
  return `${named}${work.length === 0 ? '' : ` (${work.join(', ')})`}.`;
}
