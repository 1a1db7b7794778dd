import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bucketOf,
  countOf,
  mergeHistograms,
  quantileOf,
  type SparseHistogram,
} from '../model/histogram.ts';
import { badConducts, healthy, type Conduct } from './conduct.ts';
import { modelledService, type DrawnArm } from './modelled-service.ts';
import { quickDraws } from './quick-draws.ts';
import { OCTAVE } from './response-times.ts';

const traffic = { requestsPerSecond: 1_000, errorRate: 0.01, latencyMs: { p50: 20, p99: 90 } };
const SECONDS = 600;

/** Long enough that drifts have gone up and down; the candidate has half of the requests. */
function tenMinutes(conduct: Conduct, isCompared = true) {
  const draws = quickDraws(1);
  const service = modelledService(traffic, conduct, { draws, isCompared });
  const drawn = Array.from({ length: SECONDS }, () => service.draw(1, 0.5, null));
  return {
    candidate: sumOf(drawn.map(({ candidate }) => candidate)),
    stable: sumOf(drawn.map(({ stable }) => stable)),
  };
}

function sumOf(arms: readonly DrawnArm[]) {
  const total = (of: (arm: DrawnArm) => number) => arms.reduce((sum, arm) => sum + of(arm), 0);
  return {
    responses: total(({ responses }) => responses),
    failed: total(({ failed }) => failed),
    failedCallers: total(({ failedCallers }) => failedCallers),
    hung: total(({ hung }) => hung),
    latency: mergeHistograms(arms.map(({ latency }) => latency)),
  };
}

function isNear(found: number, expected: number, within: number, what: string): void {
  assert.ok(Math.abs(found / expected - 1) <= within, `${what}: ${found}, not ${expected}`);
}

/** In buckets and parts of them, between those of which any responses are drawn. */
function placeOf(latency: SparseHistogram, quantile: number): number {
  const rank = quantile * countOf(latency);
  let seen = 0;
  let before = latency[0]?.[0] ?? 0;
  for (const [bucket, count] of latency) {
    if (seen + count >= rank) return before + ((bucket - before) * (rank - seen)) / count;
    seen += count;
    before = bucket;
  }
  return before;
}

test('a healthy release answers as many as it is sent, as fast and as badly as was declared', () => {
  for (const arm of Object.values(tenMinutes(healthy))) {
    isNear(arm.responses, 300_000, 0.01, 'responses');
    isNear(arm.failed, 3_000, 0.1, 'failed');
    isNear(arm.failed / arm.failedCallers, 2, 0.05, 'failures of a caller');
    isNear(quantileOf(arm.latency, 0.5) ?? 0, 20_000, 0.12, 'median');
    isNear(quantileOf(arm.latency, 0.99) ?? 0, 90_000, 0.15, 'p99');
    assert.equal(arm.hung, 0);
  }
});

for (const conduct of badConducts) {
  test(`a release with ${conduct.name} differs in that from the stable one, and in nothing else`, () => {
    const { candidate, stable } = tenMinutes(conduct);
    const ratio = (quantile: number): number =>
      2 ** ((placeOf(candidate.latency, quantile) - placeOf(stable.latency, quantile)) / OCTAVE);
    const slower = conduct.slower ?? { fromQuantile: 0, by: 0 };
    const [before, errors] = conduct.errors ?? [0.01, 0.01];
    const slack = (rate: number): number => 6 * Math.sqrt(300_000 * Math.max(rate, 1e-4));

    assert.ok(Math.abs(stable.failed - 300_000 * before) <= slack(before));
    assert.ok(Math.abs(candidate.failed - 300_000 * errors) <= slack(errors));
    isNear(ratio(0.99), 1 + slower.by, 0.04, 'p99');
    isNear(ratio(0.5), slower.fromQuantile === 0 ? 1 + slower.by : 1, 0.04, 'median');
    assert.ok(Math.abs(candidate.hung - 300_000 * (conduct.hangs ?? 0)) <= slack(0.01));
    isNear(candidate.responses + candidate.hung, 300_000, 0.006, 'answered or not');
  });
}

test('what was counted in two humps is answered in two humps, and not log-normally', () => {
  const counted = [
    [bucketOf(20_000), 900],
    [bucketOf(90_000), 100],
  ] as const;
  const given = { draws: quickDraws(1), isCompared: true };
  const service = modelledService({ ...traffic, counted }, healthy, given);

  const { candidate, stable } = service.draw(60, 0.5, null);

  for (const { latency } of [candidate, stable]) {
    isNear(quantileOf(latency, 0.5) ?? 0, 20_000, 0.2, 'median');
    isNear(quantileOf(latency, 0.85) ?? 0, 20_000, 0.2, 'p85');
    isNear(quantileOf(latency, 0.92) ?? 0, 90_000, 0.2, 'p92');
  }
});

test('where nobody asks how fast the stable release is, only its answers are counted', () => {
  const { stable } = tenMinutes(healthy, false);

  assert.deepEqual(stable.latency, []);
  isNear(stable.responses, 300_000, 0.01, 'responses');
});

test('what both need and what is in trouble shows in both', () => {
  const service = modelledService(traffic, healthy, { draws: quickDraws(1), isCompared: true });
  const trouble = { errorRate: 0.2, logSlower: Math.LN2 };

  const { candidate, stable } = service.draw(60, 0.5, trouble);

  for (const arm of [candidate, stable]) {
    isNear(arm.failed, 6_300, 0.1, 'failed');
    isNear(quantileOf(arm.latency, 0.5) ?? 0, 40_000, 0.2, 'median');
  }
});

test('who has no share answers nothing', () => {
  const service = modelledService(traffic, healthy, { draws: quickDraws(1), isCompared: true });

  assert.equal(service.draw(1, 0, null).candidate.responses, 0);
  assert.equal(service.draw(1, 1, null).stable.responses, 0);
});

test('before the candidate there was a quarter of an hour of requests, as fast as they are now', () => {
  const service = modelledService(traffic, healthy, { draws: quickDraws(3), isCompared: true });
  const before = service.before();
  const { stable } = service.draw(1, 0.5, null);

  isNear(countOf(before), 900_000, 0.001, 'requests');
  isNear(placeOf(before, 0.5), placeOf(stable.latency, 0.5), 0.005, 'median');
});

test('response times drift together, and a candidate drifts more by itself than what is warm', () => {
  const service = modelledService(traffic, healthy, { draws: quickDraws(1), isCompared: true });
  // So long after each other that every drift is another one.
  const logs = Array.from({ length: 1_500 }, () => {
    const { candidate, stable } = service.draw(10_000, 0.5, null);
    const of = ({ latency }: DrawnArm) => (placeOf(latency, 0.5) * Math.LN2) / OCTAVE;
    return [of(candidate), of(stable)] as const;
  });
  const deviation = (values: readonly number[]): number => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  };
  const candidate = deviation(logs.map(([each]) => each));
  const stable = deviation(logs.map(([, each]) => each));
  const between = deviation(logs.map(([left, right]) => left - right));

  isNear(stable, Math.hypot(0.05, 0.005), 0.08, 'stable');
  isNear(candidate, Math.hypot(0.05, 0.015), 0.08, 'candidate');
  isNear(between, Math.hypot(0.015, 0.005), 0.08, 'between them');
});
