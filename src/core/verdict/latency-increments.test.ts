import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { latenciesOf } from '../../../test/support/core/traffic-builder.ts';
import { bucketOf, upperBoundOf, type SparseHistogram } from '../model/histogram.ts';
import { defaultVerdictSettings } from './default-verdict-settings.ts';
import { addSparse, emptyHistogram } from '../model/dense-histogram.ts';
import { exceedanceIncrements } from './exceedance-increments.ts';
import { harmlessLatencyIncrements, latencyIncrements } from './latency-increments.ts';

/** In no order, and the same one several times: each is one answer. */
const buckets = fc.array(fc.integer({ min: 900, max: 960 }), { maxLength: 60 });

function histogramOf(answers: readonly number[]): SparseHistogram {
  const counts = [...Map.groupBy(answers, (bucket) => bucket)];
  return counts
    .map(([bucket, those]) => [bucket, those.length] as const)
    .toSorted(([left], [right]) => left - right);
}

test('answers are counted beyond the nearest rank of the past, and the margin', () => {
  for (const latencyMarginUs of [0, 1_000]) {
    const { latency } = defaultVerdictSettings({
      ...{ tickMs: 1_000, horizonTicks: 60, families: ['latency'], latencyMarginUs },
    });
    fc.assert(
      fc.property(buckets, buckets, buckets, (past, candidate, stable) => {
        const sorted = past.toSorted((left, right) => left - right);
        const beyond = (answers: readonly number[], limit: number) => ({
          responses: answers.length,
          beyond: answers.filter((bucket) => bucket > limit).length,
        });
        const counted = (quantile: number, marginBuckets: number, marginUs: number) => {
          const threshold = sorted[Math.max(1, Math.ceil(quantile * sorted.length)) - 1];
          if (threshold === undefined) return null;
          const later = bucketOf(upperBoundOf(threshold) + marginUs);
          const limit = Math.max(threshold + marginBuckets, later);
          return { candidate: beyond(candidate, limit), stable: beyond(stable, threshold) };
        };

        const arms = { candidate: histogramOf(candidate), stable: histogramOf(stable) };
        const window = addSparse(emptyHistogram, histogramOf(past));
        const { thresholds, marginBuckets, marginUs, pass } = latency;
        const worse = thresholds.flatMap(({ quantile, alternatives }) => {
          const of = counted(quantile, marginBuckets, marginUs);
          if (of === null) return alternatives.map(() => 0);
          return exceedanceIncrements({ suspect: of.candidate, other: of.stable }, alternatives);
        });
        const harmless = pass.quantiles.map((quantile) => {
          const of = counted(quantile, pass.marginBuckets, pass.marginUs);
          if (of === null) return pass.alternatives.map(() => 0);
          const swapped = { suspect: of.stable, other: of.candidate };
          return exceedanceIncrements(swapped, pass.alternatives);
        });
        assert.deepEqual(latencyIncrements(arms, window, latency), worse);
        assert.deepEqual(harmlessLatencyIncrements({ latency: arms }, window, pass), harmless);
      }),
    );
  }
});

/** Of a stable release that takes 10 ms for half of its answers, and twice that for the others. */
const halves = [...latenciesOf(500, 10), ...latenciesOf(500, 20)];
const past = addSparse(emptyHistogram, halves);
const patient = defaultVerdictSettings({
  ...{ tickMs: 1_000, horizonTicks: 60, families: ['latency'], latencyMarginUs: 10_000 },
}).latency;

test('a slowdown that nobody minds is no evidence against the candidate, a little more is', () => {
  const against = (ms: number) => {
    const arms = { candidate: latenciesOf(100, ms), stable: halves };
    return Math.max(...latencyIncrements(arms, past, patient));
  };

  assert.ok(against(19) <= 0);
  assert.ok(against(22) > 0);
});

test('a slowdown of up to four times what nobody minds may be harmless, a little more is not', () => {
  const harmless = (ms: number) => {
    const latency = { candidate: latenciesOf(100, ms), stable: halves };
    const [ofMedian = []] = harmlessLatencyIncrements({ latency }, past, patient.pass);
    return Math.max(...ofMedian);
  };

  assert.ok(harmless(48) > 0);
  assert.ok(harmless(52) < 0);
});
