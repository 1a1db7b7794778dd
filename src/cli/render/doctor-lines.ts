/** The doctor's findings as a table, with a remedy below each fault. */
import type { Check } from '../doctor/check.ts';
import { escapeText } from './escape-text.ts';
import type { Paint } from './paint.ts';
import { tableLines } from './table.ts';

export function doctorLines(checks: readonly Check[], paint: Paint, columns: number): string[] {
  const rows = checks.map(({ name, status, found }) => [status, name, found].map(escapeText));
  const table = tableLines({ header: ['STATUS', 'CHECK', 'FOUND'], rows, columns });
  const remedies = checks
    .filter(({ status, remedy }) => status !== 'ok' && remedy !== '')
    .map(({ name, status, remedy }) => {
      const text = escapeText(`${name}: ${remedy}`);
      return status === 'fault' ? paint.bad(text) : paint.warn(text);
    });
  return remedies.length === 0
    ? [...table, '', paint.good('Nothing to mend.')]
    : [...table, '', 'What to do:', ...remedies.map((line) => `  ${line}`)];
}
