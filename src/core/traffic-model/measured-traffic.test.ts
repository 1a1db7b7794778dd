import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aSample, candidatePool, stablePool } from '../../../test/support/core/traffic-builder.ts';
import { bucketOf } from '../model/histogram.ts';
import { measuredTraffic } from './measured-traffic.ts';

const sample = (second: number, changes = {}) =>
  aSample({
    ...{ pool: stablePool, second, requests: 200 },
    latency: [
      [bucketOf(20_000), 190],
      [bucketOf(90_000), 10],
    ],
    ...changes,
  });

test('the stable release says how many ask, how fast it is and how often it fails', () => {
  const samples = Array.from({ length: 10 }, (_, at) => sample(100 + at, { serverErrors: 1 }));

  const measured = measuredTraffic({ sinceSecond: 0, samples }, stablePool, 110);

  assert.ok(measured);
  assert.deepEqual([measured.seconds, measured.requests], [10, 2_000]);
  assert.equal(measured.traffic.requestsPerSecond, 200);
  assert.equal(measured.traffic.errorRate, 0.005);
  assert.equal(Math.round(measured.traffic.latencyMs.p50 / 5) * 5, 20);
  assert.equal(Math.round(measured.traffic.latencyMs.p99 / 5) * 5, 90);
});

test('how its answers are spread is kept as it was counted', () => {
  const samples = Array.from({ length: 10 }, (_, at) => sample(100 + at));

  const measured = measuredTraffic({ sinceSecond: 0, samples }, stablePool, 110);

  assert.deepEqual(measured?.traffic.counted, [
    [bucketOf(20_000), 1_900],
    [bucketOf(90_000), 100],
  ]);
});

test('neither the candidate nor the second that still runs counts', () => {
  const samples = [
    ...Array.from({ length: 10 }, (_, at) => sample(100 + at)),
    sample(105, { pool: candidatePool }),
    sample(110, { requests: 1 }),
  ];

  assert.equal(measuredTraffic({ sinceSecond: 0, samples }, stablePool, 110)?.requests, 2_000);
});

test('a pause between requests is part of the time', () => {
  const samples = [0, 1, 2, 3, 16].map((at) => sample(100 + at, { requests: 400 }));

  const measured = measuredTraffic({ sinceSecond: 0, samples }, stablePool, 120);

  assert.equal(measured?.traffic.requestsPerSecond, 100);
});

test('of few requests nothing is concluded', () => {
  const samples = [sample(100)];

  assert.equal(measuredTraffic({ sinceSecond: 0, samples }, stablePool, 110), null);
  assert.equal(measuredTraffic({ sinceSecond: 0, samples: [] }, stablePool, 110), null);
});
