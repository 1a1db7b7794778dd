/** Takes in the seconds of a judged step that are over: each for the comparison, and for the course. */
import type { FencingToken } from '../model/fencing-token.ts';
import type { PoolId } from '../model/ids.ts';
import type { TrafficSample } from '../model/traffic-sample.ts';
import {
  compareSeconds,
  nextSecond,
  type Comparison,
  type ComparisonPolicy,
} from '../verdict/comparison.ts';
import type { UsageReading } from '../verdict/gauge-blocks.ts';
import { evidenceOf } from '../verdict/evidence-of.ts';
import { noTraffic, observeCandidate, type CandidateTraffic } from './candidate-traffic.ts';
import type { Judgement } from './judge-traffic.ts';
import { extendCourse, noteOpen, type TrafficCourse } from './traffic-course.ts';

export interface WatchedSeconds {
  readonly candidate: CandidateTraffic;
  /** Null when nothing is compared, and while the candidate has had no traffic. */
  readonly comparison: Comparison | null;
  /** Null before the first request under the step's split. */
  readonly course: TrafficCourse | null;
  /** Every second before it was taken in. */
  readonly nextSecond: number;
}

/** `comparison` is that of the steps before. */
export function nothingWatched(comparison: Comparison | null): WatchedSeconds {
  return { candidate: noTraffic, comparison, course: null, nextSecond: 0 };
}

export interface WatchedTraffic {
  readonly candidate: PoolId;
  readonly stable: PoolId | null;
  /** Of the split that was written for the step. */
  readonly token: FencingToken;
  /** Whole from `firstUnwatched` on, in any order. */
  readonly samples: readonly TrafficSample[];
  /** Read before the samples were: every second before it is over, and all of it is in them. */
  readonly nowSecond: number;
  /** Since when the split is in force. */
  readonly splitSecond?: number;
  /** What instances take up, from `nextSecond` on. */
  readonly readings?: readonly UsageReading[];
  /** Until when requests of some kind were withheld from the candidate. */
  readonly lastWithheldSecond?: number;
}

export function watchSeconds(
  policy: ComparisonPolicy | null,
  before: WatchedSeconds,
  traffic: WatchedTraffic,
): WatchedSeconds {
  const { candidate, stable, samples, nowSecond } = traffic;
  const evidence = new Map<number, number>();
  let { comparison } = before;
  if (policy && stable !== null) {
    const compared = { ...traffic, pools: { candidate, stable } };
    for (const behind of compareSeconds(policy, comparison, compared)) {
      comparison = behind;
      evidence.set(nextSecond(behind) - 1, evidenceOf(policy.settings, behind.state).total);
    }
  }
  const course = courseBehind(before.course, traffic, evidence);
  const ofCandidate = samples.filter(
    ({ pool, token }) => pool === candidate && token.deployment === traffic.token.deployment,
  );
  return {
    candidate: observeCandidate(before.candidate, ofCandidate),
    ...{ comparison, course, nextSecond: nowSecond },
  };
}

/** What a look at the traffic came to, unless it was the last one. */
export function noteLook(
  watched: WatchedSeconds,
  { verdict, findings }: Pick<Judgement, 'verdict' | 'findings'>,
): WatchedSeconds {
  if (watched.course === null || verdict !== 'INCONCLUSIVE') return watched;
  const open = findings.find(({ met }) => !met)?.metric ?? null;
  return { ...watched, course: noteOpen(watched.course, watched.nextSecond, open) };
}

/** With the second that runs while the step ends: where it ends at once that is all that there is. */
export function wholeCourse(
  { course }: WatchedSeconds,
  traffic: WatchedTraffic,
): TrafficCourse | null {
  return courseBehind(course, { ...traffic, nowSecond: traffic.nowSecond + 1 }, new Map());
}

/** The second from which on samples must be whole; 0 when all that there are are needed. */
export function firstUnwatched(
  policy: ComparisonPolicy | null,
  { candidate, comparison, nextSecond: next }: WatchedSeconds,
): number {
  return policy && comparison === null ? 0 : Math.min(candidate.fromSecond, next);
}

function courseBehind(
  before: TrafficCourse | null,
  { candidate, stable, token, samples, nowSecond }: WatchedTraffic,
  evidence: ReadonlyMap<number, number>,
): TrafficCourse | null {
  const over = samples.filter(({ second }) => second < nowSecond);
  const first = before ? before.firstSecond + before.seconds : firstUnder(token, over);
  if (first === null) return null;
  const bySecond = Map.groupBy(over, ({ second }) => second);
  let course = before;
  for (let second = first; second < nowSecond; second += 1) {
    const all = bySecond.get(second) ?? [];
    course = extendCourse(course, {
      second,
      candidate: all.filter(({ pool }) => pool === candidate),
      stable: stable === null ? null : all.filter(({ pool }) => pool === stable),
      evidence: evidence.get(second) ?? null,
    });
  }
  return course;
}

function firstUnder(token: FencingToken, samples: readonly TrafficSample[]): number | null {
  const seconds = samples
    .filter(
      (sample) =>
        sample.token.sequence === token.sequence && sample.token.deployment === token.deployment,
    )
    .map(({ second }) => second);
  return seconds.length === 0 ? null : Math.min(...seconds);
}
