import assert from 'node:assert/strict';
import test from 'node:test';
import { quantileOf } from '../core/model/histogram.ts';
import type { PoolId } from '../core/model/ids.ts';
import { countIn } from '../core/model/histogram.ts';
import { createTrafficRecorder } from './traffic-recorder.ts';

const pool = 'test.web.1' as PoolId;
const token = { deployment: 1, sequence: 1 };

test('seconds older than fifteen minutes are forgotten', () => {
  const recorder = createTrafficRecorder({ epoch: 'e', sinceSecond: 90 });
  recorder.bucket(100, pool, token).requests += 1;
  recorder.bucket(1_000, pool, token).requests += 1;
  recorder.bucket(1_001, pool, token).requests += 1;

  assert.deepEqual(
    recorder.report(0, 1_001).samples.map((sample) => sample.second),
    [1_000, 1_001],
  );
});

test('a report says since when it is whole: the start, or what was forgotten', () => {
  const recorder = createTrafficRecorder({ epoch: 'e', sinceSecond: 90 });

  assert.equal(recorder.report(0, 100).sinceSecond, 90);
  assert.equal(recorder.report(0, 1_000).sinceSecond, 100);
});

test('one bucket per second, pool and token, with its epoch', () => {
  const recorder = createTrafficRecorder({ epoch: 'e', sinceSecond: 90 });
  recorder.bucket(5, pool, token).requests += 1;
  recorder.bucket(5, pool, token).requests += 1;
  recorder.bucket(5, pool, { deployment: 1, sequence: 2 }).requests += 1;

  assert.deepEqual(
    recorder
      .report(5, 5)
      .samples.map(({ epoch, token: of, requests }) => [epoch, of.sequence, requests]),
    [
      ['e', 1, 2],
      ['e', 2, 1],
    ],
  );
});

test('latencies come out sorted, as quantiles need them', () => {
  const recorder = createTrafficRecorder({ epoch: 'e', sinceSecond: 90 });
  const bucket = recorder.bucket(5, pool, token);
  for (const us of [9_000, 100, 4_000, 100]) countIn(bucket.latency, us);

  const [sample] = recorder.report(0, 5).samples;

  assert.ok(sample);
  assert.ok(Math.abs((quantileOf(sample.latency, 0.5) ?? 0) - 100) < 3);
  assert.ok(Math.abs((quantileOf(sample.latency, 1) ?? 0) - 9_000) < 150);
});
