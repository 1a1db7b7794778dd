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

test('the second that still runs does not count', () => {
  const samples = [
    ...Array.from({ length: 10 }, (_, at) => sample(100 + at)),
    sample(110, { requests: 1 }),
  ];

  assert.equal(measuredTraffic({ sinceSecond: 0, samples }, stablePool, 110)?.requests, 2_000);
});

test('who was answered by a candidate asked as well, and says nothing of the stable release', () => {
  const samples = Array.from({ length: 10 }, (_, at) => [
    sample(100 + at, { serverErrors: 1 }),
    sample(100 + at, {
      pool: candidatePool,
      serverErrors: 200,
      latency: [[bucketOf(9_000_000), 200]],
    }),
  ]).flat();

  const measured = measuredTraffic({ sinceSecond: 0, samples }, stablePool, 110);

  assert.ok(measured);
  assert.equal(measured.traffic.requestsPerSecond, 400);
  assert.equal(measured.traffic.errorRate, 0.005);
  assert.ok(measured.traffic.latencyMs.p99 < 100);
});

test('what came before the balancer began to count is not known', () => {
  const samples = Array.from({ length: 10 }, (_, at) => sample(100 + at));

  const measured = measuredTraffic({ sinceSecond: 105, samples }, stablePool, 110);

  assert.equal(measured?.seconds, 5);
});

test('a pause between requests is part of the time', () => {
  const samples = [0, 1, 2, 3, 16].map((at) => sample(100 + at, { requests: 400 }));

  const measured = measuredTraffic({ sinceSecond: 0, samples }, stablePool, 120);

  assert.equal(measured?.traffic.requestsPerSecond, 100);
});

test('of few requests nothing is concluded', () => {
  const counted = (requests: number) =>
    measuredTraffic({ sinceSecond: 0, samples: [sample(100, { requests })] }, stablePool, 110);

  assert.equal(counted(999), null);
  assert.notEqual(counted(1_000), null);
  assert.equal(measuredTraffic({ sinceSecond: 0, samples: [] }, stablePool, 110), null);
});
