/** What a check has found, in few words, and where it was known from. */
import { PREVIEW } from '../../config/preview-schema.ts';
import { printableLine } from '../../core/printable-line.ts';
import { loadHeadline } from '../../core/validation/criteria/load-criteria.ts';
import { stressHeadline } from '../../core/validation/criteria/stress-criteria.ts';
import { showDuration } from '../../core/words/show-duration.ts';
import type { CheckResult } from '../../engine/validation/check-result.ts';

/** The figures that are judged, or the first thing that was asked and is not met, or else the first. */
export function foundText({ name, outcome, criteria, because }: CheckResult): string {
  const first = criteria.find(({ state }) => state !== 'met') ?? criteria[0];
  if (!first) return because === null ? '-' : outcome === 'PASS' ? because : 'nothing';
  // A probe may be answered with a whole page.
  const shown = (text: string): string => (name === PREVIEW ? printableLine(text, 40) : text);
  const headline = loadHeadline(criteria) ?? stressHeadline(criteria);
  return headline ?? `${shown(first.observed)} (${shown(first.limit)})`;
}

/** How long it took; what did not run now took no time. */
export function timeText(result: CheckResult): string {
  if (result.reused) return `reused, ${fromRun(result.reused)}`;
  return result.startedAt === null || isIdle(result) ? '-' : showDuration(result.durationMs);
}

/** `from the run of 2026-11-28 12:00 UTC` */
export function fromRun({ startedAt }: NonNullable<CheckResult['reused']>): string {
  return `from the run of ${startedAt.slice(0, 16).replace('T', ' ')} UTC`;
}

/** It has passed without having run: what needs it is known. */
export function isIdle({ outcome, because }: CheckResult): boolean {
  return outcome === 'PASS' && because !== null;
}
