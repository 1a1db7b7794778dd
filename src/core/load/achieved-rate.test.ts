import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { achievedRate } from './achieved-rate.ts';

/** A target that serves one after the other, so many a second, and takes so long for each besides. */
function servedBy(
  capacity: number,
  asked: { rate: number; durationMs: number; latencyMs: number },
) {
  const { rate, durationMs, latencyMs } = asked;
  const count = (rate * durationMs) / 1_000;
  const endMs = (count * 1_000) / Math.min(rate, capacity);
  return { count, almostAllMs: 0.99 * endMs + latencyMs, latencyMinMs: latencyMs };
}

test('a target that answers all of them has the rate that was asked for, however long each takes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 5_000 }),
      (rate, seconds, latencyMs) => {
        const asked = { rate, durationMs: seconds * 1_000, latencyMs };

        const achieved = achievedRate(asked.durationMs, servedBy(Infinity, asked));

        assert.ok(Math.abs(achieved - rate) < 1e-6);
      },
    ),
  );
});

test('a target that falls behind has the rate at which it works, to one part in fifty', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 10_000 }),
      fc.double({ min: 0.1, max: 0.95, noNaN: true }),
      (rate, share) => {
        const capacity = rate * share;
        const asked = { rate, durationMs: 60_000, latencyMs: 20 };

        const achieved = achievedRate(asked.durationMs, servedBy(capacity, asked));

        assert.ok(achieved < capacity * 1.02, `${achieved} of ${capacity}`);
        assert.ok(achieved > capacity * 0.98, `${achieved} of ${capacity}`);
      },
    ),
  );
});

test('without a good answer there is no rate', () => {
  assert.equal(achievedRate(1_000, { count: 0, almostAllMs: 0, latencyMinMs: 0 }), 0);
});
