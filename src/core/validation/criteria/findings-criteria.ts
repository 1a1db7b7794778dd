/** What is asked of a report of findings. */
import { showDuration } from '../../words/show-duration.ts';
import { showNumber } from '../../words/show-number.ts';
import type { Baseline } from '../baseline.ts';
import { atMost, excused, suppressed, type Criterion } from '../criterion.ts';
import type { CoveredUnit } from '../fact.ts';
import { countFrom } from '../level.ts';
import type { Circumstances } from '../judge-report.ts';
import type { FindingsRule } from '../rule.ts';
import type { Tally } from '../tally.ts';
import { placesInWords } from '../places-in-words.ts';
import { freshness } from './freshness.ts';

/** Of a tool that does not say what it looked at, what was planted shows that it looked. */
export function findingsCriteria(
  rule: FindingsRule,
  { findings, worst, database, expiry, ...tally }: Tally,
  { planted, apart, nowMs, baseline }: Circumstances,
): readonly Criterion[] {
  const { level, findingsMax, suppressedMax, covered, databaseAgeMaxMs, validForMinMs } = rule;
  const count = countFrom(level, findings);
  const hidden = countFrom(level, tally.suppressed);
  const hiddenBelow = countFrom('note', tally.suppressed) - hidden;
  const [first] = worst;
  const example =
    count > 0 && first
      ? `, the worst: ${first.rule}${first.places.length > 0 ? ` at ${placesInWords(first.places)}` : ''}`
      : '';
  const compared = rule.exceptStable && count > 0 ? comparedWith(baseline) : '';
  const isProven = planted.length > 0 || apart?.state === 'met';
  const isToldCovered = tally.covered[covered.unit] !== undefined;
  return [
    atMost(`findings of ${level} and above`, count, findingsMax, {
      observed: `${showNumber(count)}${example}${compared}`,
    }),
    ...(hidden > 0 ? [suppressed(`of ${level} and above`, hidden, suppressedMax)] : []),
    ...(hiddenBelow > 0 ? [suppressed('below it', hiddenBelow, 'not asked')] : []),
    ...[...tally.excused].map(([why, times]) => excused(why, times)),
    ...(isToldCovered || !isProven ? [lookedAt(tally.covered, covered)] : []),
    ...(databaseAgeMaxMs === null ? [] : [freshness(database, databaseAgeMaxMs, nowMs)]),
    ...(validForMinMs === undefined ? [] : [validity(expiry, validForMinMs, nowMs)]),
  ];
}

/** That there was nothing to take away from what was found is no matter of the release. */
function comparedWith(baseline: Baseline): string {
  switch (baseline.kind) {
    case 'none':
      return ' (all of them: no stable release to compare with)';
    case 'missing':
      return ` (all of them: no report on the stable release ${baseline.release} to compare with)`;
    case 'found':
      return ` (new since ${baseline.release})`;
  }
}

function validity(expiry: Tally['expiry'], minMs: number, nowMs: number): Criterion {
  const what = 'time until it expires';
  const limit = `at least ${showDuration(minMs)}`;
  if (!expiry) return { what, observed: 'not in the report', limit, state: 'unknown' };
  const leftMs = expiry.atMs - nowMs;
  const observed = `${leftMs > 0 ? showDuration(leftMs) : 'none'} (${expiry.what})`;
  return { what, observed, limit, state: leftMs >= minMs ? 'met' : 'unmet' };
}

function lookedAt(
  found: Tally['covered'],
  { unit, min }: { readonly unit: CoveredUnit; readonly min: number },
): Criterion {
  const count = found[unit];
  return {
    what: `${unit}s that were looked at`,
    observed: count === undefined ? 'not in the report' : showNumber(count),
    limit: `at least ${showNumber(min)}`,
    state: count !== undefined && count >= min ? 'met' : 'unknown',
  };
}
