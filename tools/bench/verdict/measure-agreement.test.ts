import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantile } from '../../../src/core/model/quantile.ts';
import { regressions } from '../../../src/core/traffic-model/regression.ts';
import { bake } from './bake.ts';
import { predictedMedians } from './measure-agreement.ts';

const MEASURED_RUNS = 50;
/** Cheaper than what is measured, and its chance need not be in the way. */
const PREDICTED_RUNS = 200;
/** Those that are found within seconds; `npm run bench:power` measures all of them, at three rates. */
const quick = regressions.filter(({ name }) =>
  ['0 to 5 % errors', '0 to 0.5 % errors', 'p99 +50 %'].includes(name),
);

test('a forecast foretells the median of the bench to a fifth, or to its tick', () => {
  const predicted = predictedMedians({
    candidateRps: 100,
    of: quick,
    predictedRuns: PREDICTED_RUNS,
  });

  for (const regression of quick) {
    const delays = Array.from({ length: MEASURED_RUNS }, (_, run) => {
      const traffic = { seed: 100 + run, candidateRps: 100, tickS: 1, errorRate: 0.000_1 };
      const wish = { traffic: { ...traffic, regression, isNoisy: true }, bakeS: 600, beforeS: 120 };
      return bake(wish).rolledBackS['Surefoot'] ?? Infinity;
    });
    const measuredS = quantile(delays, 0.5);
    const predictedS = predicted.get(regression.name) ?? Infinity;
    const apartS = Math.abs(predictedS - measuredS);
    assert.ok(
      apartS <= Math.max(1.1, 0.2 * measuredS),
      `${regression.name}: ${predictedS} s foretold, ${measuredS} s measured`,
    );
  }
});
