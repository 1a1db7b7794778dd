import type { DemoRow } from './demo-row.ts';

const columns: readonly (readonly [title: string, of: (row: DemoRow) => string])[] = [
  ['release', (row) => row.release],
  ['outcome', (row) => row.outcome],
  ['requests', (row) => String(row.requests)],
  ['client errors', (row) => String(row.clientErrors)],
  ['idempotent', (row) => String(row.idempotentErrors)],
  ['exposed requests', (row) => String(row.exposure.requests)],
  ['budget s', (row) => String(row.exposure.budgetSeconds)],
  [
    'decision → 0',
    (row) => (row.decisionToZeroMs === null ? '–' : `${row.decisionToZeroMs.toFixed(1)} ms`),
  ],
  ['total', (row) => `${(row.totalMs / 1000).toFixed(1)} s`],
];

export function demoTable(rows: readonly DemoRow[]): string {
  const cells = [
    columns.map(([title]) => title),
    ...rows.map((row) => columns.map(([, of]) => of(row))),
  ];
  const widths = columns.map((_, index) =>
    Math.max(...cells.map((line) => line[index]?.length ?? 0)),
  );
  const lines = cells.map((line) =>
    line
      .map((cell, index) =>
        index < 2 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0),
      )
      .join('  '),
  );
  lines.splice(1, 0, widths.map((width) => '─'.repeat(width)).join('  '));
  return lines.join('\n');
}
