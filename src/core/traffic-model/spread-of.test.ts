import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OCTAVE, responseTimesOf, type ResponseTimes } from './response-times.ts';
import { octavesSlower, spreadOf, type Spread } from './spread-of.ts';

const usual = responseTimesOf({ latencyMs: { p50: 20, p99: 90 } });

/** In buckets and parts of them. */
function meanOf({ first, grain, shares }: Spread | ResponseTimes): number {
  return Array.from(shares).reduce((sum, share, at) => sum + share * (first + at * grain), 0);
}

function isNear(found: number, expected: number, what: string): void {
  assert.ok(Math.abs(found - expected) < 1e-6, `${what}: ${found}, not ${expected}`);
}

test('however little all are slower, they are by just that', () => {
  for (const logSlower of [-0.7, -0.001, 0, 0.000_1, 0.012, 0.05, Math.LN2]) {
    const spread = spreadOf(usual, logSlower);
    const moved = (OCTAVE * logSlower) / Math.LN2;

    isNear(meanOf(spread), meanOf(usual) + moved, `slower by exp ${logSlower}`);
    isNear(
      Array.from(spread.shares).reduce((sum, share) => sum + share, 0),
      1,
      'all of them',
    );
  }
});

test('each bucket is moved by what is said of it, between buckets too', () => {
  const octaves = octavesSlower(usual, { fromQuantile: 0.95, by: 0.2 });
  const byHand = usual.shares.reduce(
    (sum, share, at) => sum + share * OCTAVE * (octaves[at] ?? 0),
    0,
  );

  isNear(
    meanOf(spreadOf(usual, 0.01, octaves)),
    meanOf(usual) + byHand + 0.01 * (OCTAVE / Math.LN2),
    'mean',
  );
});

test('a regression of the slowest grows from its quantile, and is whole four fifths of the way on', () => {
  const shares = new Array<number>(1_000).fill(0.001);
  const cumulative = shares.map((_, at) => (at + 1) / 1_000);
  const octaves = octavesSlower(
    { first: 0, grain: 1, shares, cumulative },
    { fromQuantile: 0.95, by: 0.5 },
  );

  isNear(octaves[948] ?? NaN, 0, 'below its quantile');
  isNear(octaves[969] ?? NaN, Math.log2(1 + 0.5 * (0.0195 / 0.04)), 'half of the way');
  isNear(octaves[990] ?? NaN, Math.log2(1.5), 'whole');
  isNear(octaves[999] ?? NaN, Math.log2(1.5), 'at the end');
});
