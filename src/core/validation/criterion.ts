/** One thing that is asked of a report, and what it shows of that. */
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
  return { what, observed, limit: 'none asked for', state: 'met' };
}
