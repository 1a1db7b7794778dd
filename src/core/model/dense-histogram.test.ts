import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addSparse,
  countOfDense,
  emptyHistogram,
  quantileBuckets,
  sparseOfDense,
  subtractDense,
} from './dense-histogram.ts';
import { countOf, mergeHistograms, quantileOf, upperBoundOf } from './histogram.ts';

/** In any order, and some buckets more than once. */
const sparse = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 50 })),
  { maxLength: 40 },
);

test('what is added, in any order, is what a sparse histogram holds', () => {
  fc.assert(
    fc.property(fc.array(sparse, { maxLength: 5 }), (added) => {
      const dense = added.reduce(addSparse, emptyHistogram);
      const merged = mergeHistograms(added);

      assert.deepEqual(sparseOfDense(dense), merged);
      assert.equal(countOfDense(dense), countOf(merged));
    }),
  );
});

test('its quantiles are those of a sparse one', () => {
  const share = fc.double({ min: 0.001, max: 1, noNaN: true });
  fc.assert(
    fc.property(sparse, fc.array(share, { minLength: 1, maxLength: 5 }), (added, shares) => {
      const rising = shares.toSorted((left, right) => left - right);
      const merged = mergeHistograms([added]);
      const buckets = quantileBuckets(addSparse(emptyHistogram, added), rising);

      assert.deepEqual(
        rising.map((_, at) => (buckets === null ? null : upperBoundOf(buckets[at] ?? NaN))),
        rising.map((quantile) => quantileOf(merged, quantile)),
      );
    }),
  );
});

test('without what was there before, what came since is left', () => {
  fc.assert(
    fc.property(sparse, sparse, (before, since) => {
      const earlier = addSparse(emptyHistogram, before);

      assert.deepEqual(
        sparseOfDense(subtractDense(addSparse(earlier, since), earlier)),
        mergeHistograms([since]),
      );
    }),
  );
});
