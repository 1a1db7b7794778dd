import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contradictionIn, figuresSchema, type LoadFigures } from './reported-figures.ts';

const hour: LoadFigures = {
  ...{ requests: 3_600, failed: 36, failures: { reset: 30, timeout: 6 }, statuses: {} },
  ...{ durationMs: 3_600_000, ratePerSecond: 0.99 },
  latencyMs: { p50: 1, p75: 1, p90: 2, p95: 2, p99: 3, 'p99.9': 3, max: 4 },
  serviceMs: null,
  generator: { keptUp: true, observed: 'All well.' },
  own: { cpuShare: 0.1, loopShare: 0.1, lagP99Ms: 1, connections: 1, waited: 0 },
};

const wrong: Readonly<Record<string, readonly [Partial<LoadFigures>, RegExp]>> = {
  'failures without their kind': [{ failed: 37 }, /counts 37 failures and lists 36/],
  'more failures than requests': [
    { requests: 35, ratePerSecond: 0, latencyMs: null },
    /of 35 requests 36 failed/,
  ],
  'a rate of its own': [{ ratePerSecond: 1 }, /its rate is 1\/s, and its counts come to 0\.99\/s/],
  'answers without a time': [{ latencyMs: null }, /answers and no latency/],
};

test('figures that fit together do not contradict themselves', () => {
  assert.equal(contradictionIn(figuresSchema.parse(hour)), null);
});

for (const [what, [changes, message]] of Object.entries(wrong)) {
  test(`figures with ${what} contradict themselves`, () => {
    assert.match(contradictionIn({ ...hour, ...changes }) ?? 'nothing', message);
  });
}

test('quantiles are whole and in order, or it is another format', () => {
  const [, , ...later] = Object.entries(hour.latencyMs ?? {});

  assert.ok(!figuresSchema.safeParse({ ...hour, latencyMs: Object.fromEntries(later) }).success);
  assert.ok(
    !figuresSchema.safeParse({ ...hour, latencyMs: { ...hour.latencyMs, p50: 9 } }).success,
  );
  assert.ok(
    !figuresSchema.safeParse({ ...hour, latencyMs: { ...hour.latencyMs, p42: 1 } }).success,
  );
});
