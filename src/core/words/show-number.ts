import { invariant } from '../invariant.ts';

/**
 * A number as people read it: `12,345`, and no more digits than say something; as many more as it takes
 * to tell it from the one that it stands beside.
 */
export function showNumber(value: number, beside: number = value): string {
  if (!Number.isFinite(value)) return 'unknown';
  for (let digits = DIGITS; digits < DIGITS_MAX; digits += 1) {
    const text = shownIn(digits, value);
    if (value === beside || text !== shownIn(digits, beside)) return text;
  }
  return shownIn(DIGITS_MAX, value);
}

const DIGITS = 3;
const DIGITS_MAX = 15;
/** For each number of digits; a gate makes a sentence at each look, and to make a format takes longer than that. */
const FORMATS = Array.from(
  { length: 21 },
  (_, index) => new Intl.NumberFormat('en-US', { maximumSignificantDigits: index + 1 }),
);
/** Nothing that is measured here is as small. */
const LEAST = 1e-9;

function shownIn(digits: number, value: number): string {
  if (Math.abs(value) < LEAST) return '0';
  const whole = Math.floor(Math.log10(Math.abs(value))) + 1;
  // Never fewer than the whole part has: a count is not rounded.
  const format = FORMATS[Math.min(FORMATS.length, Math.max(digits, whole)) - 1];
  invariant(format, 'numbers are shown in one digit at least');
  return format.format(value);
}
