/** One thing that is asked of a report, and what it shows of that. */
import { counted } from '../words/counted.ts';
import { showNumber } from '../words/show-number.ts';

export interface Criterion {
  /** `findings of medium and above`. */
  readonly what: string;
  readonly observed: string;
  readonly limit: string;
  /**
   * `unmet`: the release is not good enough. `unknown`: the report cannot show it. `stale`: it shows it by what is too
   * old.
   */
  readonly state: 'met' | 'unmet' | 'unknown' | 'stale';
  /** What it counts, where more is told of that than of others: words may be changed. */
  readonly kind?: CriterionKind;
}

/**
 * `suppressed`: findings that the tool was told to put up with. `excused`: those that somebody else has excused, or meant to.
 */
export const criterionKinds = ['suppressed', 'excused'] as const;

export type CriterionKind = (typeof criterionKinds)[number];

export function atMost(
  what: string,
  count: number,
  max: number,
  { observed = showNumber(count) }: { readonly observed?: string } = {},
): Criterion {
  const limit = max === 0 ? 'none' : `at most ${showNumber(max)}`;
  return { what, observed, limit, state: count <= max ? 'met' : 'unmet' };
}

/** Of what must have been looked at: less of it shows nothing. */
export function enough(what: string, count: number, min: number): Criterion {
  return {
    ...{ what, observed: showNumber(count), limit: `at least ${showNumber(min)}` },
    state: count >= min ? 'met' : 'unknown',
  };
}

/** For people to know; it harms nothing. */
export function told(what: string, observed: string): Criterion {
  return { what, observed, limit: 'none asked for', state: 'met' };
}

/** `why`: somebody's waiver or statement, also one that is no longer in force. */
export function excused(why: string, count: number): Criterion {
  return { ...told(why, counted(count, 'finding')), kind: 'excused' };
}

/** `which`: those of a level. `max`: how many may be, unless nobody asks for them. */
export function suppressed(which: string, count: number, max: number | 'not asked'): Criterion {
  const what = `suppressed findings ${which}`;
  const criterion = max === 'not asked' ? told(what, showNumber(count)) : atMost(what, count, max);
  return { ...criterion, kind: 'suppressed' };
}

/** Findings that are there and do not count, or would not if a waiver were still in force; null of another criterion. */
export function putUpWith({ kind, what, observed }: Criterion): string | null {
  if (kind === 'suppressed') return `${what}: ${observed}`;
  return kind === 'excused' ? `${observed}, ${what}` : null;
}
