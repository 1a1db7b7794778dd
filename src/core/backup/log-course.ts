/** Which segments of a log are to be kept next, which lie behind a backup without a gap, and which no backup needs. */
import { segmentBehind, segmentNamed } from './log-segment-id.ts';

export type LogCourse =
  /** `follows`: the last that is kept; null where a stretch begins anew. */
  | { readonly kind: 'on'; readonly segments: readonly string[]; readonly follows: string | null }
  /** What would follow the last is not there any more, nor what would follow any backup. */
  | { readonly kind: 'gap'; readonly last: string };

export interface KeptLog {
  /** In the order of their names. */
  readonly kept: readonly string[];
  /** Nothing follows these. */
  readonly unreadable: ReadonlySet<string>;
  /** Up to where each backup has it in itself. */
  readonly starts: readonly string[];
}

/** `there`: what the server has yet, one behind the other. */
export function logCourse(
  there: readonly string[],
  { kept, unreadable, starts }: KeptLog,
): LogCourse {
  const known = new Set(kept.filter((id) => !unreadable.has(id)));
  const lastKept = there.findLastIndex((id) => known.has(id));
  const before = [...known].find((id) => segmentBehind(id) === there[0]) ?? null;
  if (lastKept >= 0 || before !== null) {
    return { kind: 'on', segments: there.slice(lastKept + 1), follows: there[lastKept] ?? before };
  }
  const behindStart = new Set(starts.map(segmentBehind));
  const first = there.findIndex((id) => behindStart.has(id));
  if (first >= 0) return { kind: 'on', segments: there.slice(first), follows: null };
  const last = kept.at(-1);
  return last === undefined
    ? { kind: 'on', segments: there.slice(-1), follows: null }
    : { kind: 'gap', last };
}

/** One behind the other, from the first behind `after`; none where that is missing. */
export function runBehind(kept: readonly string[], after: string): readonly string[] {
  const known = new Set(kept);
  const run: string[] = [];
  for (let next = segmentBehind(after); next !== null && known.has(next);) {
    run.push(next);
    next = segmentBehind(next);
  }
  return run;
}

/** What no backup needs that is kept. While none has a log behind it, all may be needed by the next. */
export function needlessSegments(
  kept: readonly string[],
  starts: readonly string[],
): readonly string[] {
  const oldest = new Map<string, number>();
  for (const { stretch, number } of starts.flatMap((start) => segmentNamed(start) ?? [])) {
    oldest.set(stretch, Math.min(number, oldest.get(stretch) ?? Infinity));
  }
  if (oldest.size === 0) return [];
  return kept.filter((id) => {
    const name = segmentNamed(id);
    return name !== null && name.number <= (oldest.get(name.stretch) ?? Infinity);
  });
}
