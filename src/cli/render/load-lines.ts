/** What a load came to, for people. */
import { reportedQuantiles, type LoadFigures } from '../../core/load/reported-figures.ts';
import type { LoadReport } from '../../core/load/load-report.ts';
import { counted } from '../../core/words/counted.ts';
import { showDuration } from '../../core/words/show-duration.ts';
import { showNumber } from '../../core/words/show-number.ts';
import { escapeText } from './escape-text.ts';
import type { Paint } from './paint.ts';
import { factLines, tableLines } from './table.ts';

export function loadLines(
  report: LoadReport,
  { paint, columns }: { readonly paint: Paint; readonly columns: number },
): string[] {
  const { asked, ratePerSecond, durationMs, generator, own, isComplete } = report;
  const facts = factLines([
    ['asked for', `${showNumber(asked.ratePerSecond)}/s for ${showDuration(asked.durationMs)}`],
    [
      'good answers',
      `${showNumber(ratePerSecond, asked.ratePerSecond)}/s over ${showDuration(durationMs)}`,
    ],
    ['requests', requestsText(report)],
    ['connections', showNumber(own.connections)],
    ['generator', `${generator.keptUp ? '' : 'was the limit. '}${generator.observed}`],
  ]);
  return [
    `${asked.method} ${escapeText(asked.url)}`,
    ...(isComplete ? [] : [paint.warn('Cut off: this shows nothing of the target.')]),
    ...facts,
    '',
    ...quantileLines(report, columns),
  ];
}

function requestsText({ requests, failed, failures }: LoadFigures): string {
  if (failed === 0) return `${showNumber(requests)}, none failed`;
  const kinds = Object.entries(failures).map(([kind, count]) => `${showNumber(count)} ${kind}`);
  return `${counted(requests, 'request')}, ${showNumber(failed)} failed: ${kinds.join(', ')}`;
}

function quantileLines({ latencyMs, serviceMs }: LoadFigures, columns: number): string[] {
  if (latencyMs === null) return ['There was no answer whose time could be measured.'];
  const cells = (name: string, values: LoadFigures['latencyMs']): readonly string[] => [
    name,
    ...reportedQuantiles.map((quantile) => (values ? showDuration(values[quantile]) : '-')),
  ];
  return tableLines({
    header: ['TIME', ...reportedQuantiles],
    rows: [cells('from when it was due', latencyMs), cells('from when it was sent', serviceMs)],
    columns,
  });
}
