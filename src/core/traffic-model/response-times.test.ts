import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketOf, mergeHistograms } from '../model/histogram.ts';
import { responseTimes, responseTimesOf, type ResponseTimes } from './response-times.ts';

function bucketAt({ first, grain, cumulative }: ResponseTimes, quantile: number): number {
  return first + grain * cumulative.findIndex((upTo) => upTo >= quantile);
}

test('from the median up, what is drawn quickly is spread as what is drawn in full', () => {
  const sigma = Math.log(90 / 20) / 2.326_347_874;
  const quick = responseTimesOf({ latencyMs: { p50: 20, p99: 90 } });
  const full = responseTimes(20_000, sigma);

  for (const quantile of [0.5, 0.75, 0.9, 0.95, 0.99, 0.999]) {
    const [found, expected] = [bucketAt(quick, quantile), bucketAt(full, quantile)];
    assert.ok(Math.abs(found - expected) <= quick.grain, `${quantile}: ${found}, ${expected}`);
  }
  assert.ok(Math.abs(bucketAt(quick, 0.99) - bucketOf(90_000)) <= quick.grain);
});

test('the quickest are as quick as two standard deviations make them, and all of them are there', () => {
  const { first, grain, shares, cumulative } = responseTimesOf({ latencyMs: { p50: 20, p99: 90 } });
  const [quickest = 0, next = 0] = shares;

  assert.ok(Math.abs((cumulative.at(-1) ?? 0) - 1) < 1e-9);
  assert.ok(Math.abs(quickest - 0.0228) < 0.003, String(quickest));
  assert.ok(quickest > next);
  const twoBelow = bucketOf(20_000 * (20 / 90) ** (2 / 2.326_347_874));
  assert.ok(Math.abs(first - twoBelow) <= grain);
});

test('what was counted keeps its shape: a few long requests make the others no slower', () => {
  const counted = mergeHistograms([
    [[bucketOf(400), 10]],
    ...[2_000, 4_000, 8_000].map((us) => [[bucketOf(us), 330] as const]),
    [[bucketOf(2_000_000), 10]],
  ]);
  const times = responseTimesOf({ latencyMs: { p50: 4, p99: 2_000 }, counted });
  const found = (quantile: number): number => bucketAt(times, quantile);

  assert.ok(Math.abs(found(0.5) - bucketOf(4_000)) <= times.grain);
  assert.ok(Math.abs(found(0.95) - bucketOf(8_000)) <= times.grain);
  assert.ok(Math.abs(found(0.995) - bucketOf(2_000_000)) <= times.grain);
  const first = times.first - (times.grain - 1) / 2;
  assert.equal(first, bucketOf(2_000), 'the quickest count with the next');
  assert.ok(Math.abs((times.cumulative.at(-1) ?? 0) - 1) < 1e-9);
});

test('the closer together response times lie, the finer they are drawn', () => {
  const grainOf = (p99: number): number => responseTimesOf({ latencyMs: { p50: 80, p99 } }).grain;

  assert.deepEqual([81, 100, 120, 256, 800].map(grainOf), [1, 1, 2, 4, 4]);
});

test('drawn coarsely, response times are as slow on average as in full', () => {
  const meanOf = ({ first, grain, shares }: ResponseTimes): number =>
    shares.reduce((sum, share, at) => sum + share * (first + at * grain), 0);
  const counted = Array.from({ length: 200 }, (_, at) => [100 + at, 10] as const);
  const times = responseTimesOf({ latencyMs: { p50: 1, p99: 2 }, counted });

  assert.equal(times.grain, 4);
  assert.ok(Math.abs(meanOf(times) - 199.5) <= 0.2, String(meanOf(times)));
});

test('of a service whose answers all take the same time they lie within a bucket or two', () => {
  const { first, grain, shares, cumulative } = responseTimesOf({ latencyMs: { p50: 20, p99: 20 } });
  const last = first + grain * (shares.length - 1);

  assert.ok(Math.abs((cumulative.at(-1) ?? 0) - 1) < 1e-9, String(cumulative.at(-1)));
  assert.ok(first <= bucketOf(20_000) && last >= bucketOf(20_000));
  assert.ok(last <= bucketOf(20_000 * 1.05) && first >= bucketOf(20_000 / 1.05));
});

test('the slowest lie four standard deviations from the median, and no further', () => {
  const { first, shares } = responseTimes(20_000, 0.5);

  assert.equal(first, bucketOf(20_000 / Math.exp(2)));
  assert.equal(first + shares.length - 1, bucketOf(20_000 * Math.exp(2)));
});
