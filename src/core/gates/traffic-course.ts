/**
 * How a judged step went, second by second, as a chart shows it. A long step is folded: each time that it
 * would have too many points, two neighbours become one, so that its record stays a few kilobytes.
 */
import { mergeHistograms, quantileOf } from '../model/histogram.ts';
import type { TrafficSample } from '../model/traffic-sample.ts';
import { failuresOf } from './candidate-traffic.ts';
import type { Finding } from './finding.ts';

export interface TrafficCourse {
  /** The balancer's second of the first point: that of the first request under the step's split. */
  readonly firstSecond: number;
  /** Seconds that are over, or were running when the step ended; the last point may stand for fewer. */
  readonly seconds: number;
  readonly secondsPerPoint: number;
  readonly candidate: CourseArm;
  /** Null when there is no stable release. */
  readonly stable: CourseArm | null;
  /** ln E behind each point; null where nothing was compared. */
  readonly evidence: readonly (number | null)[];
  /** What stood in the way of a PASS, each time that it changed; the last ones when it was often. */
  readonly open: readonly OpenSince[];
}

/** One value for each point. */
export interface CourseArm {
  readonly requests: readonly number[];
  readonly failures: readonly number[];
  /** In ms; of several seconds the mean, by requests. Null without answers. */
  readonly p95: readonly (number | null)[];
}

export interface OpenSince {
  /** Of the balancer's clock. */
  readonly second: number;
  readonly metric: Finding['metric'];
}

export interface SecondOfTraffic {
  readonly second: number;
  readonly candidate: readonly TrafficSample[];
  readonly stable: readonly TrafficSample[] | null;
  readonly evidence: number | null;
}

export const COURSE_POINTS_MAX = 120;
const OPEN_MAX = 40;

/** The course with the next second; seconds in between were without traffic. */
export function extendCourse(before: TrafficCourse | null, next: SecondOfTraffic): TrafficCourse {
  const course = before ?? begun(next);
  const at = course.firstSecond + course.seconds;
  if (next.second < at) return course;
  const quiet = { candidate: [], stable: next.stable && [], evidence: null };
  let extended = course;
  for (let second = at; second < next.second; second += 1) {
    extended = withSecond(extended, { ...quiet, second });
  }
  return withSecond(extended, next);
}

/** The same in at most so many points. */
export function foldCourse(course: TrafficCourse, pointsMax: number): TrafficCourse {
  let folded = course;
  while (folded.evidence.length > Math.max(1, pointsMax)) folded = halved(folded);
  return folded;
}

/** Says what stands in the way; null when nothing does. */
export function noteOpen(
  course: TrafficCourse,
  second: number,
  metric: OpenSince['metric'] | null,
): TrafficCourse {
  if (metric === null || course.open.at(-1)?.metric === metric) return course;
  return { ...course, open: [...course.open, { second, metric }].slice(-OPEN_MAX) };
}

const NO_ARM: CourseArm = { requests: [], failures: [], p95: [] };

function begun({ second, stable }: SecondOfTraffic): TrafficCourse {
  return {
    ...{ firstSecond: second, seconds: 0, secondsPerPoint: 1 },
    candidate: NO_ARM,
    stable: stable && NO_ARM,
    ...{ evidence: [], open: [] },
  };
}

function withSecond(course: TrafficCourse, next: SecondOfTraffic): TrafficCourse {
  const point = Math.floor(course.seconds / course.secondsPerPoint);
  if (point >= COURSE_POINTS_MAX) return withSecond(halved(course), next);
  return {
    ...course,
    seconds: course.seconds + 1,
    candidate: withSamples(course.candidate, point, next.candidate),
    stable: course.stable && withSamples(course.stable, point, next.stable ?? []),
    evidence: set(course.evidence, point, next.evidence ?? course.evidence[point] ?? null),
  };
}

function withSamples(arm: CourseArm, point: number, samples: readonly TrafficSample[]): CourseArm {
  const requests = samples.reduce((sum, sample) => sum + sample.requests, 0);
  const failures = samples.reduce((sum, sample) => sum + failuresOf(sample), 0);
  const p95Us = quantileOf(mergeHistograms(samples.map(({ latency }) => latency)), 0.95);
  const had = arm.requests[point] ?? 0;
  return {
    requests: set(arm.requests, point, had + requests),
    failures: set(arm.failures, point, (arm.failures[point] ?? 0) + failures),
    p95: set(
      arm.p95,
      point,
      meanOf([arm.p95[point] ?? null, had], [p95Us && rounded(p95Us / 1_000), requests]),
    ),
  };
}

function halved(course: TrafficCourse): TrafficCourse {
  const { candidate, stable, evidence, secondsPerPoint } = course;
  return {
    ...course,
    secondsPerPoint: secondsPerPoint * 2,
    candidate: halvedArm(candidate),
    stable: stable && halvedArm(stable),
    evidence: pairs(evidence).map(([left, right]) => right ?? left ?? null),
  };
}

function halvedArm({ requests, failures, p95 }: CourseArm): CourseArm {
  return {
    requests: pairs(requests).map(([left, right = 0]) => left + right),
    failures: pairs(failures).map(([left, right = 0]) => left + right),
    p95: pairs(p95).map(([left, right = null], at) =>
      meanOf([left, requests[2 * at] ?? 0], [right, requests[2 * at + 1] ?? 0]),
    ),
  };
}

function pairs<Value>(values: readonly Value[]): readonly (readonly [Value, Value | undefined])[] {
  return values.flatMap((value, at) => (at % 2 === 0 ? [[value, values[at + 1]] as const] : []));
}

type Weighed = readonly [value: number | null, weight: number];

function meanOf(...both: readonly [Weighed, Weighed]): number | null {
  const known = both.filter((each): each is readonly [number, number] => each[0] !== null);
  const weight = known.reduce((sum, each) => sum + each[1], 0);
  if (weight === 0) return known.at(-1)?.[0] ?? null;
  return rounded(known.reduce((sum, each) => sum + each[0] * each[1], 0) / weight);
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

function set<Value>(values: readonly Value[], at: number, value: Value): readonly Value[] {
  return [...values.slice(0, at), value, ...values.slice(at + 1)];
}
