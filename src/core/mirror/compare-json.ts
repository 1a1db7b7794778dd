/**
 * Compares two JSON values place by place. A place is a path in which all elements of a list are `*`,
 * and all keys that name one thing of many. It tells types and never values, which may be somebody's.
 */
import { foldSegment } from './fold-segment.ts';
import { isCovered } from './is-covered.ts';

/** `added`: the release before has nothing there, which clients of it do not miss. */
export type NoteDifference = (place: string, told: string, kind: 'changed' | 'added') => void;

/** Values that are looked at in one body; what lies behind them is not compared. */
const VALUES_MAX = 5_000;
const DEPTH_MAX = 24;

export function compareJson(
  expected: unknown,
  actual: unknown,
  options: { readonly ignore: readonly string[]; readonly note: NoteDifference },
): void {
  let left = VALUES_MAX;

  function compare(before: unknown, after: unknown, place: string, depth: number): void {
    left -= 1;
    if (left < 0 || depth > DEPTH_MAX || isCovered(place, options.ignore)) return;
    const [wanted, found] = [typeOf(before), typeOf(after)];
    if (wanted !== found) {
      options.note(place || '/', `${found} for ${wanted}`, 'changed');
    } else if (Array.isArray(before) && Array.isArray(after)) {
      compareLists(before, after, place, depth);
    } else if (isObject(before) && isObject(after)) {
      compareObjects(before, after, place, depth);
    } else if (before !== after) {
      options.note(place || '/', `another ${wanted}`, 'changed');
    }
  }

  function compareLists(
    before: readonly unknown[],
    after: readonly unknown[],
    place: string,
    depth: number,
  ): void {
    if (before.length !== after.length) options.note(place || '/', 'another length', 'changed');
    const shared = Math.min(before.length, after.length);
    for (let index = 0; index < shared; index += 1) {
      compare(before[index], after[index], `${place}/*`, depth + 1);
    }
  }

  function compareObjects(
    before: Readonly<Record<string, unknown>>,
    after: Readonly<Record<string, unknown>>,
    place: string,
    depth: number,
  ): void {
    for (const [key, value] of Object.entries(before)) {
      const below = `${place}/${foldSegment(key)}`;
      if (Object.hasOwn(after, key)) compare(value, after[key], below, depth + 1);
      else if (!isCovered(below, options.ignore)) options.note(below, 'missing', 'changed');
    }
    for (const key of Object.keys(after)) {
      const below = `${place}/${foldSegment(key)}`;
      if (Object.hasOwn(before, key) || isCovered(below, options.ignore)) continue;
      options.note(below, 'added', 'added');
    }
  }

  compare(expected, actual, '', 0);
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
