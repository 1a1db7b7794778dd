import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { kneeOf, type StressStep } from './knee.ts';
import { brokenLimit, type JudgedFigures, type LoadLimits } from './load-limits.ts';
import { stressRates } from './stress-steps.ts';

const limits: LoadLimits = { latency: { quantile: 'p95', maxMs: 200 }, errorRateMax: 0.01 };
const well = { keptUp: true, observed: 'All well.' };

/** What a target of this capacity shows at a rate: waiting grows towards it, as of a queue, and beyond it without end. */
function figuresAt(rate: number, capacity: number): JudgedFigures {
  const load = rate / capacity;
  return {
    ...{ askedPerSecond: rate, requests: rate * 5, failed: 0 },
    ratePerSecond: Math.min(rate, capacity),
    latencyMs: load < 1 ? 2 / (1 - load) : 5_000 * (load - 1) + 200,
  };
}

/** As the shell does it: up to the first that is not borne. */
function stressOf(
  rates: readonly number[],
  brokenAt: (rate: number) => string | null,
  generator: StressStep['generator'] = well,
): readonly StressStep[] {
  const steps = rates.map((rate) => ({
    ...{ ratePerSecond: rate, broken: brokenAt(rate), generator },
  }));
  const end = steps.findIndex(({ broken }) => broken !== null);
  return end < 0 ? steps : steps.slice(0, end + 1);
}

test('the knee lies within a step below the capacity of the target', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 50, max: 500 }),
      fc.integer({ min: 500, max: 4_000 }),
      (step, capacity) => {
        const rates = stressRates({ from: step, step, to: 5_000 });

        const knee = kneeOf(
          stressOf(rates, (rate) => brokenLimit(limits, figuresAt(rate, capacity))),
        );

        // At 99 % of its capacity such a queue is at the limit.
        assert.ok(knee.capacityPerSecond <= capacity);
        assert.ok(knee.capacityPerSecond > capacity * 0.98 - step);
        assert.equal(knee.limitedBy, 'target');
        assert.notEqual(knee.observed, null);
      },
    ),
  );
});

test('a target that bears all is limited by nothing', () => {
  const steps = stressOf([100, 200, 300], () => null);

  assert.deepEqual(kneeOf(steps), {
    ...{ capacityPerSecond: 300, limitedBy: 'nothing', observed: null },
  });
});

test('a target that does not bear the first step bears nothing', () => {
  assert.equal(kneeOf(stressOf([100], () => 'It broke.')).capacityPerSecond, 0);
  assert.equal(kneeOf([]).capacityPerSecond, 0);
});

test('what ends because the generator was the limit says nothing of the target', () => {
  const late = { keptUp: false, observed: 'It was late.' };
  const steps = stressOf([100, 200, 300], (rate) => (rate > 200 ? 'Too slow.' : null), late);

  assert.deepEqual(kneeOf(steps), {
    ...{ capacityPerSecond: 200, limitedBy: 'generator', observed: 'It was late.' },
  });
});

const kept: JudgedFigures = {
  ...{ askedPerSecond: 1_000, ratePerSecond: 1_000, requests: 5_000, failed: 50, latencyMs: 200 },
};

test('a step that is at its limits is borne', () => {
  assert.equal(brokenLimit(limits, kept), null);
  assert.equal(brokenLimit(limits, { ...kept, ratePerSecond: 970 }), null);
});

const broken: Readonly<Record<string, readonly [Partial<JudgedFigures>, RegExp]>> = {
  'less than 97 % of its rate': [{ ratePerSecond: 969 }, /it gave 969 good answers a second/],
  'too many failures': [{ failed: 51 }, /1\.02 % of the requests failed, where 1 % are allowed/],
  'a latency above its limit': [{ latencyMs: 201 }, /p95 was 201 ms, where 200 ms are allowed/],
  'no latency': [{ latencyMs: null }, /p95 is unknown/],
  'no requests': [{ requests: 0, failed: 0 }, /No request came to an end/],
};

for (const [what, [figures, sentence]] of Object.entries(broken)) {
  test(`a step with ${what} is not borne`, () => {
    assert.match(brokenLimit(limits, { ...kept, ...figures }) ?? 'borne', sentence);
  });
}

test('the last rate is tried whatever the step, and none twice', () => {
  assert.deepEqual(stressRates({ from: 100, step: 300, to: 500 }), [100, 400, 500]);
  assert.deepEqual(stressRates({ from: 100, step: 200, to: 500 }), [100, 300, 500]);
  assert.deepEqual(stressRates({ from: 100, step: 900, to: 100 }), [100]);
});
