/** Freezes below each other, oldest first. */
import type { FreezesAnswer } from '../../api/contract/answers.ts';
import { placeName } from '../../core/deployment/freeze.ts';
import { escapeText } from './escape-text.ts';
import { tableLines } from './table.ts';

export function freezesLines(freezes: FreezesAnswer, columns: number): string[] {
  if (freezes.length === 0) return ['Nothing is frozen.'];
  const rows = freezes.map((freeze) => [
    String(freeze.id),
    placeName(freeze),
    minuteOf(freeze.beganAt),
    freeze.until === null ? 'it is lifted' : minuteOf(freeze.until),
    freeze.actor,
    freeze.reason,
  ]);
  const header = ['FREEZE', 'PLACE', 'SINCE (UTC)', 'UNTIL (UTC)', 'BY', 'WHY'];
  return tableLines({ header, rows: rows.map((row) => row.map(escapeText)), columns });
}

function minuteOf(moment: string): string {
  return moment.slice(0, 16).replace('T', ' ');
}
