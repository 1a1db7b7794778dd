import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  aSample,
  candidatePool,
  latenciesOf,
  stablePool,
  stepToken,
} from '../../../test/support/core/traffic-builder.ts';
import type { TrafficSample } from '../model/traffic-sample.ts';
import type { ComparisonPolicy } from '../verdict/comparison.ts';
import { defaultVerdictSettings } from '../verdict/default-verdict-settings.ts';
import {
  COURSE_POINTS_MAX,
  extendCourse,
  foldCourse,
  noteOpen,
  type TrafficCourse,
} from './traffic-course.ts';
import {
  firstUnwatched,
  noteLook,
  nothingWatched,
  watchSeconds,
  wholeCourse,
  type WatchedTraffic,
} from './watch-seconds.ts';

const policy: ComparisonPolicy = {
  mustExcludeHarm: false,
  settings: defaultVerdictSettings({ tickMs: 1_000, horizonTicks: 600, families: ['errors'] }),
  warmUpResponses: 0,
};

function traffic(samples: readonly TrafficSample[], nowSecond: number): WatchedTraffic {
  return { candidate: candidatePool, stable: stablePool, token: stepToken, samples, nowSecond };
}

function ofStable(changes: Partial<TrafficSample>): TrafficSample {
  return aSample({ pool: stablePool, ...changes });
}

function courseOf(counts: readonly number[], failures: readonly number[] = []): TrafficCourse {
  const course = counts.reduce<TrafficCourse | null>(
    (before, requests, second) =>
      extendCourse(before, {
        second,
        candidate: [aSample({ second, requests, serverErrors: failures[second] ?? 0 })],
        stable: [],
        evidence: second,
      }),
    null,
  );
  assert.ok(course);
  return course;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

test('each second that is over is a point of both releases, with the evidence behind it', () => {
  const samples = [
    ofStable({ second: 9, token: { deployment: 1, sequence: 9 } }),
    aSample({ second: 10, requests: 10, serverErrors: 1, failedCallers: 1 }),
    ofStable({ second: 10, requests: 90, latency: latenciesOf(90, 40) }),
    aSample({ second: 11, requests: 12 }),
    aSample({ second: 12, requests: 500 }),
  ];

  const { course } = watchSeconds(policy, nothingWatched(null), traffic(samples, 12));

  assert.ok(course);
  assert.deepEqual([course.firstSecond, course.seconds, course.secondsPerPoint], [10, 2, 1]);
  assert.deepEqual(course.candidate.requests, [10, 12]);
  assert.deepEqual(course.candidate.failures, [1, 0]);
  assert.deepEqual(course.stable?.requests, [90, 0]);
  assert.ok(Math.abs((course.stable.p95[0] ?? 0) - 40) < 1);
  assert.deepEqual(course.stable.p95[1], null);
  assert.deepEqual(
    course.evidence.map((log) => log !== null),
    [true, true],
  );
});

test('a course is the same whether it was looked at each second or once behind all of them', () => {
  const count = fc.integer({ min: 0, max: 40 });
  fc.assert(
    fc.property(fc.array(fc.tuple(count, count), { minLength: 1, maxLength: 300 }), (counts) => {
      const samples = counts.flatMap(([mine, other], second) => [
        aSample({ second, requests: mine, serverErrors: Math.min(1, mine) }),
        ofStable({ second, requests: other }),
      ]);
      let often = nothingWatched(null);
      for (let now = 1; now <= counts.length; now += 1) {
        often = watchSeconds(policy, often, traffic(samples.slice(0, 2 * now + 2), now));
      }

      const once = watchSeconds(policy, nothingWatched(null), traffic(samples, counts.length));

      assert.deepEqual(often, once);
    }),
    { numRuns: 20 },
  );
});

test('a long step stays small, and nothing of it is lost', () => {
  const counts = Array.from({ length: 4_000 }, (_, second) => 1 + (second % 7));
  const failures = counts.map((_, second) => (second === 3_999 ? 1 : 0));

  const course = courseOf(counts, failures);

  assert.ok(course.evidence.length <= COURSE_POINTS_MAX);
  assert.ok(course.evidence.length > COURSE_POINTS_MAX / 2);
  assert.deepEqual([course.seconds, course.secondsPerPoint], [4_000, 64]);
  assert.equal(sum(course.candidate.requests), sum(counts));
  assert.equal(course.candidate.failures.at(-1), 1);
  assert.equal(course.evidence.at(-1), 3_999);
  assert.ok(JSON.stringify(course).length < 6_000);
});

test('a course folds to any width, and keeps its sums', () => {
  const course = courseOf([1, 2, 3, 4, 5]);

  const folded = foldCourse(course, 3);

  assert.deepEqual(folded.candidate.requests, [3, 7, 5]);
  assert.deepEqual([folded.secondsPerPoint, folded.seconds], [2, 5]);
  assert.equal(foldCourse(course, 0).candidate.requests.length, 1);
  assert.equal(foldCourse(course, 5), course);
});

test('the response time of several seconds is their mean, by requests', () => {
  const course = extendCourse(courseOf([300]), {
    ...{ second: 1, stable: [], evidence: null },
    candidate: [aSample({ second: 1, requests: 100, latency: latenciesOf(100, 60) })],
  });

  const [p95] = foldCourse(course, 1).candidate.p95;

  assert.ok(p95 && Math.abs(p95 - 30) < 1, String(p95));
});

test('seconds in which nobody asked are points without a response time', () => {
  const course = extendCourse(courseOf([5]), {
    ...{ second: 3, stable: [], evidence: null },
    candidate: [aSample({ second: 3, requests: 7 })],
  });

  assert.deepEqual(course.candidate.requests, [5, 0, 0, 7]);
  assert.deepEqual(
    course.candidate.p95.map((ms) => ms === null),
    [false, true, true, false],
  );
  assert.equal(
    extendCourse(course, { ...{ second: 2, evidence: 1 }, candidate: [], stable: [] }),
    course,
  );
});

test('where a step ends at once, the running second is all that there is', () => {
  const running = traffic([aSample({ second: 5, requests: 3, timeouts: 3 })], 5);
  const watched = watchSeconds(null, nothingWatched(null), running);

  assert.equal(watched.course, null);
  assert.deepEqual(wholeCourse(watched, running)?.candidate.failures, [3]);
});

test('what stands in the way is noted each time that it changes', () => {
  const samples = [1, 2, 3, 4].map((second) => aSample({ second }));
  const look = (metric: 'samples' | 'held') => ({
    verdict: 'INCONCLUSIVE' as const,
    findings: [...[{ metric, observed: 0, limit: 1, unit: 'ms' as const, samples: 0, met: false }]],
  });
  let watched = nothingWatched(null);
  for (const [now, metric] of [
    [2, 'samples'],
    [3, 'samples'],
    [4, 'held'],
  ] as const) {
    watched = noteLook(watchSeconds(null, watched, traffic(samples, now)), look(metric));
  }

  assert.deepEqual(watched.course?.open, [
    { second: 2, metric: 'samples' },
    { second: 4, metric: 'held' },
  ]);
});

test('however often it changes what stands in the way, a step stays small, and its last word is kept', () => {
  let course = courseOf([1]);
  for (let second = 1; second <= 1_000; second += 1) {
    course = noteOpen(course, second, second % 2 === 0 ? 'held' : 'samples');
  }

  assert.ok(JSON.stringify(course).length < 6_000);
  assert.deepEqual(course.open.at(-1), { second: 1_000, metric: 'held' });
});

test('without a comparison to begin, only seconds that may change yet are read again', () => {
  const watched = watchSeconds(null, nothingWatched(null), traffic([aSample({ second: 9 })], 10));

  assert.equal(firstUnwatched(null, watched), 7);
  assert.equal(firstUnwatched(policy, watched), 0);
});
