import { textTable } from '../command-line/text-table.ts';
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
  const titles = columns.map(([title]) => title);
  return textTable(
    titles,
    rows.map((row) => columns.map(([, of]) => of(row))),
    2,
  );
}
