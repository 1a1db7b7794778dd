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
}

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
  return { what, observed, limit: NOT_ASKED, state: 'met' };
}

const NOT_ASKED = 'none asked for';
const SUPPRESSED = 'suppressed findings';

/** `why`: somebody's waiver or statement, also one that is no longer in force. */
export function excused(why: string, count: number): Criterion {
  return told(why, counted(count, 'finding'));
}

/** `which`: those of a level. `max`: how many may be, unless nobody asks for them. */
export function suppressed(which: string, count: number, max: number | 'not asked'): Criterion {
  const what = `${SUPPRESSED} ${which}`;
  return max === 'not asked' ? told(what, showNumber(count)) : atMost(what, count, max);
}

/** Findings that are there and do not count, or would not if a waiver were still in force; null of another criterion. */
export function putUpWith({ what, observed, limit }: Criterion): string | null {
  if (what.startsWith(`${SUPPRESSED} `)) return `${what}: ${observed}`;
  if (limit !== NOT_ASKED || !/^[\d,]+ findings?$/.test(observed)) return null;
  return /^(?:waived|in) /.test(what) ? `${observed} ${what}` : `${observed}, ${what}`;
}
