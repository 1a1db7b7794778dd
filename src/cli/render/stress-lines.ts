/** What a stress test came to, for people. */
import type { StressReport } from '../../core/load/stress-report.ts';
import { showDuration } from '../../core/words/show-duration.ts';
import { showNumber } from '../../core/words/show-number.ts';
import { escapeText } from './escape-text.ts';
import type { Paint, Signs } from './paint.ts';
import { factLines, tableLines } from './table.ts';

type Step = StressReport['steps'][number];

export function stepLine(
  { askedPerSecond, broken }: Step,
  { progressPaint: paint, signs }: { readonly progressPaint: Paint; readonly signs: Signs },
): string {
  const rate = `${showNumber(askedPerSecond)}/s`;
  return broken === null
    ? `${paint.good(signs.passed)} ${rate}`
    : `${paint.bad(signs.failed)} ${rate}: ${broken}`;
}

export function stressLines(
  report: StressReport,
  { paint, columns }: { readonly paint: Paint; readonly columns: number },
): string[] {
  const { asked, steps, isComplete } = report;
  const header = ['ASKED', 'GOOD', 'FAILED', 'p50', 'p95', 'p99', 'max', 'BORNE'];
  return [
    `${asked.method} ${escapeText(asked.url)}`,
    ...(isComplete ? [] : [paint.warn('Cut off: this shows nothing of the target.')]),
    ...tableLines({ header, rows: steps.map(rowOf), columns }),
    '',
    ...factLines([
      ['bears', bearsText(report)],
      ...(report.observed === null ? [] : [['because', report.observed] as const]),
      ['recovered', recoveryText(report)],
    ]),
  ];
}

function rowOf({ askedPerSecond, ratePerSecond, failed, latencyMs, broken }: Step): string[] {
  const times = (['p50', 'p95', 'p99', 'max'] as const).map((name) =>
    latencyMs ? showDuration(latencyMs[name]) : '-',
  );
  return [
    `${showNumber(askedPerSecond)}/s`,
    `${showNumber(ratePerSecond, askedPerSecond)}/s`,
    showNumber(failed),
    ...times,
    broken === null ? 'yes' : 'no',
  ];
}

function bearsText({ capacityPerSecond, limitedBy }: StressReport): string {
  const rate = `${showNumber(capacityPerSecond)}/s`;
  return limitedBy === 'nothing'
    ? `${rate}, as far as it was tried`
    : `${rate}, limited by the ${limitedBy}`;
}

function recoveryText({ recoveryMs, asked }: StressReport): string {
  if (recoveryMs !== null) return `after ${showDuration(recoveryMs)}`;
  return `not within ${showDuration(asked.recoverWithinMs)}`;
}
