import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  aTick,
  spread,
  stateBehind,
  verdictSettings,
} from '../../../test/support/core/verdict-builder.ts';
import { seededDraws } from '../../../test/support/core/seeded-draws.ts';
import type { SparseHistogram } from '../model/histogram.ts';
import { absoluteErrorIncrements } from './absolute-error-increments.ts';
import { applyTick } from './apply-tick.ts';
import { concludeVerdict } from './conclude-verdict.ts';
import { evidenceOf } from './evidence-of.ts';
import { exceedanceIncrements } from './exceedance-increments.ts';
import { harmlessEvidence } from './harmless-evidence.ts';
import { relativeErrorIncrements } from './relative-error-increments.ts';
import type { VerdictState } from './verdict-state.ts';
import type { VerdictTick } from './verdict-tick.ts';

const settings = verdictSettings();
const { errors, latency } = settings;
const RESPONSES_MAX = 60;
const ROUNDING = 1e-9;

/** ln n!, for n up to the most responses that are enumerated. */
const logFactorial = [0];
for (let n = 1; n <= RESPONSES_MAX; n += 1) logFactorial.push(logFactorial[n - 1]! + Math.log(n));
const choose = (n: number, k: number): number =>
  Math.exp(logFactorial[n]! - logFactorial[k]! - logFactorial[n - k]!);
const binomial = (n: number, k: number, p: number): number =>
  choose(n, k) * p ** k * (1 - p) ** (n - k);

/** The expected value of exp(increment), for each alternative, when `probabilityOf` holds. */
function expectedOf(
  outcomes: readonly (readonly [probability: number, increments: readonly number[]])[],
): readonly number[] {
  const alternatives = outcomes[0]?.[1] ?? [];
  return alternatives.map((_, at) =>
    outcomes.reduce((sum, [probability, found]) => sum + probability * Math.exp(found[at] ?? 0), 0),
  );
}

function isFair(expected: readonly number[], what: object): void {
  for (const value of expected) {
    assert.ok(value <= 1 + ROUNDING, `${value} is more than 1: ${JSON.stringify(what)}`);
  }
}

test('1: counted out, errors of a candidate at the tolerated ratio are worth at most 1', () => {
  for (let candidateResponses = 1; candidateResponses < RESPONSES_MAX; candidateResponses += 1) {
    for (let stableResponses = 1; stableResponses <= RESPONSES_MAX - candidateResponses;) {
      for (const rate of [0.01, 0.3, 0.8]) {
        const outcomes: [number, readonly number[]][] = [];
        for (let candidateFailures = 0; candidateFailures <= candidateResponses;) {
          const chance = binomial(candidateResponses, candidateFailures, rate);
          for (let stableFailures = 0; stableFailures <= stableResponses; stableFailures += 1) {
            const counts = { candidateResponses, stableResponses, candidateFailures };
            outcomes.push([
              chance * binomial(stableResponses, stableFailures, rate / errors.ratio),
              relativeErrorIncrements({ ...counts, stableFailures }, errors, 1),
            ]);
          }
          candidateFailures += 1;
        }
        isFair(expectedOf(outcomes), { candidateResponses, stableResponses, rate });
      }
      stableResponses += 1;
    }
  }
});

const ABSOLUTE = [...errors.alternatives, ...(errors.absoluteAlternatives ?? [])];

test('1: counted out, errors of a candidate at the tolerated rate are worth at most 1', () => {
  for (let candidateResponses = 1; candidateResponses <= RESPONSES_MAX; candidateResponses += 1) {
    for (const rate of [1e-4, 0.01, 0.5]) {
      const outcomes = Array.from({ length: candidateResponses + 1 }, (_, candidateFailures) => {
        const counts = { candidateResponses, candidateFailures };
        return [
          binomial(candidateResponses, candidateFailures, rate),
          absoluteErrorIncrements(
            { ...counts, stableResponses: 0, stableFailures: 0 },
            { rate, alternatives: ABSOLUTE },
            1,
          ),
        ] as const;
      });
      isFair(expectedOf(outcomes), { candidateResponses, rate });
    }
  }
});

const ODDS = [...new Set(latency.thresholds.flatMap(({ alternatives }) => alternatives))];

test('1: counted out, exceedances of a candidate no slower than stable are worth at most 1', () => {
  for (let all = 2; all <= RESPONSES_MAX; all += 1) {
    for (let suspects = 1; suspects < all; suspects += 1) {
      for (let beyond = 1; beyond < all; beyond += 1) {
        const outcomes: [number, readonly number[]][] = [];
        const least = Math.max(0, beyond - (all - suspects));
        for (let found = least; found <= Math.min(suspects, beyond); found += 1) {
          const chance =
            (choose(suspects, found) * choose(all - suspects, beyond - found)) /
            choose(all, beyond);
          const suspect = { responses: suspects, beyond: found };
          const other = { responses: all - suspects, beyond: beyond - found };
          outcomes.push([chance, exceedanceIncrements({ suspect, other }, ODDS)]);
        }
        isFair(expectedOf(outcomes), { all, suspects, beyond });
      }
    }
  }
});

const NOTHING = { candidateResponses: 0, stableResponses: 0 };

test('2: without data nothing is ever proven, for or against the candidate', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), fc.boolean(), (length, stableServes) => {
      const nothing = stableServes ? { candidateResponses: 0 } : NOTHING;
      const state = stateBehind(Array.from({ length }, (_, at) => aTick(at + 1, nothing)));
      assert.ok(evidenceOf(settings, state).total <= 1e-12);
      const harmless = harmlessEvidence(state);
      assert.ok(harmless.errors <= 1e-12 && harmless.latency.every((log) => log <= 1e-12));
      const whenever = {
        ...{ weight: 10, elapsedMs: Infinity, elapsedMsMin: 0, sinceTickMs: 0 },
        ...{ reporting: 3, instances: 3, mustExcludeHarm: true },
      };
      assert.equal(concludeVerdict(settings, state, whenever).verdict, 'INCONCLUSIVE');
    }),
    { numRuns: 20 },
  );
});

const strata = fc.array(
  fc.record({
    scale: fc.integer({ min: 1, max: 1_000 }),
    candidateFailures: fc.integer({ min: 0, max: 10 }),
    stableFailures: fc.integer({ min: 0, max: 10 }),
  }),
  { minLength: 1, maxLength: 6 },
);

function near(found: readonly number[], expected: readonly number[]): void {
  for (const [at, value] of expected.entries()) {
    const off = Math.abs((found[at] ?? Number.NaN) - value);
    assert.ok(off <= 1e-9 * (1 + Math.abs(value)), `${found[at]}, not ${value}`);
  }
}

test('3: what strata of the same split show adds up, in any order', () => {
  fc.assert(
    fc.property(strata, fc.integer({ min: 1, max: 99 }), (parts, stablePerCandidate) => {
      const counts = parts.map(({ scale, candidateFailures, stableFailures }) => ({
        ...{ candidateFailures, stableFailures, candidateResponses: 20 * scale },
        stableResponses: 20 * scale * stablePerCandidate,
      }));
      const whole = counts.reduce((left, right) => ({
        candidateResponses: left.candidateResponses + right.candidateResponses,
        stableResponses: left.stableResponses + right.stableResponses,
        candidateFailures: left.candidateFailures + right.candidateFailures,
        stableFailures: left.stableFailures + right.stableFailures,
      }));
      for (const increments of [relativeErrorIncrements, absoluteErrorIncrements]) {
        const sum = errors.alternatives.map((_, at) =>
          counts
            .toReversed()
            .reduce((total, part) => total + (increments(part, errors, 1)[at] ?? 0), 0),
        );
        near(increments(whole, errors, 1), sum);
      }
    }),
  );
});

const someCounts = fc
  .record({
    candidateResponses: fc.integer({ min: 1, max: 100_000 }),
    stableResponses: fc.integer({ min: 1, max: 1_000_000 }),
    candidateShare: fc.double({ min: 0, max: 1, noNaN: true }),
    stableShare: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ candidateResponses, stableResponses, candidateShare, stableShare }) => ({
    ...{ candidateResponses, stableResponses },
    candidateFailures: Math.floor(candidateShare * (candidateResponses - 1)),
    stableFailures: Math.floor(stableShare * (stableResponses - 1)),
  }));
const someTempering = fc.double({ min: 0.01, max: 1, noNaN: true });

function neverFalls(before: readonly number[], after: readonly number[]): void {
  for (const [at, value] of before.entries()) {
    assert.ok((after[at] ?? Number.NaN) >= value - 1e-9 * (1 + Math.abs(value)));
  }
}

test('4: a failure more of the candidate never helps it, one of the stable release never harms it', () => {
  fc.assert(
    fc.property(someCounts, someTempering, (counts, tempering) => {
      const worse = { ...counts, candidateFailures: counts.candidateFailures + 1 };
      const better = { ...counts, stableFailures: counts.stableFailures + 1 };
      const relative = (of: typeof counts) => relativeErrorIncrements(of, errors, tempering);
      const absolute = (of: typeof counts) => absoluteErrorIncrements(of, errors, tempering);
      neverFalls(relative(counts), relative(worse));
      neverFalls(absolute(counts), absolute(worse));
      neverFalls(relative(better), relative(counts));
    }),
  );
});

const someLatency: fc.Arbitrary<SparseHistogram> = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 500 })), {
    selector: ([bucket]) => bucket,
    minLength: 1,
    maxLength: 12,
  })
  .map((entries) => entries.toSorted(([left], [right]) => left - right));

/** Both arms of the same make, one of them `times` as large. */
const equalTick = fc.record({
  times: fc.integer({ min: 1, max: 40 }),
  isCandidateLarger: fc.boolean(),
  failures: fc.integer({ min: 0, max: 5 }),
  latency: someLatency,
});

test('5: equal arms are never evidence, whichever is the larger', () => {
  fc.assert(
    fc.property(fc.array(equalTick, { minLength: 1, maxLength: 40 }), (made) => {
      const ticks = made.map(({ times, isCandidateLarger, failures, latency: shape }, at) => {
        const [forCandidate, forStable] = isCandidateLarger ? [times, 1] : [1, times];
        const responses = failures + shape.reduce((sum, [, count]) => sum + count, 0);
        const scaled = (by: number): SparseHistogram =>
          shape.map(([bucket, count]) => [bucket, count * by]);
        return aTick(at + 1, {
          candidateResponses: responses * forCandidate,
          stableResponses: responses * forStable,
          candidateFailures: failures * forCandidate,
          stableFailures: failures * forStable,
          slice: { sliceResponses: 0, sliceFailures: 0 },
          latency: { candidate: scaled(forCandidate), stable: scaled(forStable) },
        });
      });
      for (const { errors: counts } of ticks) {
        const increments = relativeErrorIncrements(counts, errors, 1);
        assert.ok(increments.every((increment) => increment <= 1e-9));
      }
      assert.ok(evidenceOf(settings, stateBehind(ticks)).total <= 1e-9);
    }),
  );
});

const anyTick = fc.record({ counts: someCounts, candidate: someLatency, stable: someLatency });
const someTicks = fc
  .array(anyTick, { minLength: 1, maxLength: 30 })
  .map((made) =>
    made.map(({ counts, candidate, stable }, at) =>
      aTick(at + 1, { ...counts, latency: { candidate, stable } }),
    ),
  );

test('6: a replay from any tick on gives the same bits, and a tick that comes again changes nothing', () => {
  fc.assert(
    fc.property(someTicks, fc.nat(), (ticks, cut) => {
      const at = cut % ticks.length;
      const stored = JSON.stringify(stateBehind(ticks.slice(0, at)));
      const taken = JSON.parse(stored) as VerdictState;
      const resumed = ticks
        .slice(at)
        .reduce((state, tick) => applyTick(settings, state, tick), taken);
      const whole = stateBehind(ticks);
      assert.equal(JSON.stringify(resumed), JSON.stringify(whole));
      const again = applyTick(settings, whole, ticks[at]!);
      assert.deepEqual({ ...again, late: 0 }, { ...whole, late: 0 });
    }),
  );
});

test('7: ticks in which nobody asked the candidate change nothing about the others', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ isIdle: fc.boolean(), failures: fc.integer({ min: 0, max: 5 }) }), {
        minLength: 2,
        maxLength: 40,
      }),
      (made) => {
        // Behind the horizon no new evidence begins, so that only increments are left.
        const brief = verdictSettings({ restarts: { first: 0.5, horizonTicks: 1 } });
        const first = [aTick(1), aTick(2)];
        const busy = made.filter(({ isIdle }) => !isIdle);
        const ticksOf = (of: typeof made): VerdictTick[] => [
          ...first,
          ...of.map(({ isIdle, failures }, at) =>
            aTick(at + 3, isIdle ? { candidateResponses: 0 } : { candidateFailures: failures }),
          ),
        ];
        const mixed = stateBehind(ticksOf(made), brief);
        const alone = stateBehind(ticksOf(busy), brief);
        near(mixed.relative, alone.relative);
        near(mixed.latency, alone.latency);
      },
    ),
  );
});

test('8: drawn under the null, no more deployments are condemned than allowed', () => {
  const allowed = verdictSettings({
    falseRollback: 0.05,
    restarts: { first: 0.5, horizonTicks: 60 },
  });
  const draws = seededDraws(8);
  const runs = 2_000;
  let condemned = 0;
  for (let run = 0; run < runs; run += 1) {
    const ticks = Array.from({ length: 60 }, (_, at) => {
      const stableFailures = draws.poisson(2);
      return aTick(at + 1, {
        candidateFailures: Math.min(500, draws.poisson((2 / 9) * errors.ratio)),
        stableFailures,
        slice: { sliceResponses: 500, sliceFailures: draws.binomial(stableFailures, 1 / 9) },
      });
    });
    if (stateBehind(ticks, allowed).condemnedAt !== null) condemned += 1;
  }
  const rate = condemned / runs;
  assert.ok(rate <= 0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs), `${rate} are condemned`);
});

test('9: how fast both arms are in absolute terms is no evidence', () => {
  fc.assert(
    fc.property(someTicks, fc.integer({ min: 1, max: 500 }), (ticks, buckets) => {
      const slower = (histogram: SparseHistogram): SparseHistogram =>
        histogram.map(([bucket, count]) => [bucket + buckets, count]);
      const shifted = ticks.map((tick) => ({
        ...tick,
        latency: {
          candidate: slower(tick.latency.candidate),
          stable: slower(tick.latency.stable),
        },
      }));
      assert.deepEqual(
        evidenceOf(settings, stateBehind(shifted)),
        evidenceOf(settings, stateBehind(ticks)),
      );
    }),
  );
});

const hugeCount = fc.integer({ min: 0, max: 1e12 });

test('10: with up to a million million responses all evidence stays a number', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(hugeCount, hugeCount, hugeCount, hugeCount, fc.nat(40)), {
        minLength: 1,
        maxLength: 20,
      }),
      (made) => {
        const ticks = made.map(([candidate, stable, failed, stableFailed, slowerBuckets], at) =>
          aTick(at + 1, {
            ...{ candidateResponses: candidate, stableResponses: stable },
            candidateFailures: Math.min(failed, candidate),
            stableFailures: Math.min(stableFailed, stable),
            slice: { sliceResponses: 0, sliceFailures: 0 },
            latency: { candidate: spread(candidate, slowerBuckets), stable: spread(stable) },
          }),
        );
        const state = stateBehind(ticks);
        const { total, families } = evidenceOf(settings, state);
        const harmless = harmlessEvidence(state);
        const all = [total, ...Object.values(families), harmless.errors, ...harmless.latency];
        assert.ok(all.every(Number.isFinite), JSON.stringify({ families, harmless }));
      },
    ),
  );
});
