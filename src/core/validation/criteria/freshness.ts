/** How old what a tool judges by may be. */
import { showDuration } from '../../words/show-duration.ts';
import type { Criterion } from '../criterion.ts';

/** What a tool judges by, and when that was made: since 1970, null when nobody says. */
export interface Database {
  readonly name: string;
  readonly builtAtMs: number | null;
}

/** What is made later than that shows that a clock is wrong, and nothing about its age. */
const CLOCKS_APART_MS = 5 * 60_000;

export function freshness(database: Database | null, maxMs: number, nowMs: number): Criterion {
  const what = 'age of what it judges by';
  const limit = `at most ${showDuration(maxMs)}`;
  if (!database) return { what, observed: 'not in the report', limit, state: 'unknown' };
  const { name, builtAtMs } = database;
  if (builtAtMs === null) return { what, observed: `unknown (${name})`, limit, state: 'unknown' };
  const ageMs = nowMs - builtAtMs;
  if (ageMs < -CLOCKS_APART_MS) {
    const observed = `${showDuration(-ageMs)} in the future (${name})`;
    return { what, observed, limit, state: 'unknown' };
  }
  const observed = `${showDuration(Math.max(0, ageMs))} (${name})`;
  return { what, observed, limit, state: ageMs <= maxMs ? 'met' : 'stale' };
}
