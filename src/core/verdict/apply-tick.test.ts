import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  aTick,
  spread,
  stateBehind,
  verdictSettings,
} from '../../../test/support/core/verdict-builder.ts';
import vectors from '../../../test/support/core/verdict-vectors.json' with { type: 'json' };
import { defaultVerdictSettings } from './default-verdict-settings.ts';
import { temperingOf } from './dispersion.ts';
import { errorEvidence, evidenceOf } from './evidence-of.ts';
import type { VerdictSettings } from './verdict-settings.ts';
import type { VerdictTick } from './verdict-tick.ts';

function near(found: number, expected: number): void {
  assert.ok(Math.abs(found - expected) <= 1e-9, `${found}, not ${expected}`);
}

/** The grid that vectors are stated for, against both of the null hypotheses of errors. */
const STATED = { absoluteAlternatives: [2, 4, 10, 30, 200] };

function vector(wanted: string): unknown {
  return vectors.find(({ id }) => id === wanted);
}

test('vector V09 holds tick by tick: clumps are weighed by what was seen before', () => {
  const { input, expect } = vector('V09') as {
    readonly input: { readonly xs: number[]; readonly xb: number[]; readonly f: number };
    readonly expect: { readonly eta: number[] };
  };
  const ticks = input.xs.map((stableFailures, at) =>
    aTick(at + 1, {
      ...{ stableResponses: 9_000, stableFailures },
      slice: { sliceResponses: 9_000 * input.f, sliceFailures: input.xb[at] ?? 0 },
    }),
  );
  for (const [count, eta] of expect.eta.entries()) {
    near(temperingOf(stateBehind(ticks.slice(0, count)).dispersion), eta);
  }
});

test('vector V21 holds for whole ticks when clumps are as large as they are counted', () => {
  const { input, expect } = vector('V21') as {
    readonly input: { readonly H: number; readonly ticks: number[][] };
    readonly expect: { readonly lnErr: number }[];
  };
  const settings = verdictSettings({
    restarts: { first: 0.5, horizonTicks: input.H },
    gainMax: { errors: Infinity, latency: Infinity },
    errors: { ...verdictSettings().errors, ...STATED },
  });
  const ticks = input.ticks.map(([failed = 0, stableFailed = 0, responses = 0, stable = 0], at) =>
    aTick(at + 1, {
      ...{ candidateFailures: failed, stableFailures: stableFailed },
      ...{ candidateResponses: responses, stableResponses: stable },
      slice: { sliceResponses: 0, sliceFailures: 0 },
    }),
  );
  for (const [at, { lnErr }] of expect.entries()) {
    let state = stateBehind([], settings);
    // Clumps that are no larger than they are counted temper nothing.
    state = { ...state, dispersion: { observed: 10, expected: 10 } };
    near(errorEvidence(stateBehind(ticks.slice(0, at + 1), settings, state)), lnErr);
  }
});

test('where one caller may be all that fails, a failure in each of a dozen ticks condemns nothing', () => {
  const settings = verdictSettings();
  const indistinct = verdictSettings({ errors: { ...settings.errors, areDistinct: false } });
  const ticks = Array.from({ length: 12 }, (_, at) => aTick(at + 1, { candidateFailures: 1 }));
  assert.notEqual(stateBehind(ticks, settings).condemnedAt, null);
  assert.equal(stateBehind(ticks, indistinct).condemnedAt, null);
});

test('what a tick is worth does not depend on how clumped its own failures are', () => {
  const before = [aTick(1, { stableFailures: 9 }), aTick(2, { stableFailures: 9 })];
  const last = (sliceFailures: number): VerdictTick =>
    aTick(3, {
      ...{ candidateFailures: 3, stableFailures: 9 },
      slice: { sliceResponses: 500, sliceFailures },
    });
  const smooth = stateBehind([...before, last(1)]);
  const clumped = stateBehind([...before, last(9)]);
  assert.deepEqual(clumped.relative, smooth.relative);
  assert.notDeepEqual(clumped.dispersion, smooth.dispersion);
});

test('failures that come in clumps are worth less from the next tick on', () => {
  const bad = (number: number) => aTick(number, { candidateFailures: 5, stableFailures: 5 });
  const clumps = (sliceFailures: number) =>
    aTick(1, { stableFailures: 40, slice: { sliceResponses: 500, sliceFailures } });
  const smooth = evidenceOf(verdictSettings(), stateBehind([clumps(4), bad(2)]));
  const clumped = evidenceOf(verdictSettings(), stateBehind([clumps(40), bad(2)]));
  assert.ok(clumped.families.errors < smooth.families.errors - 1);
});

test('a candidate with five times the failures that are tolerated is found sooner than by the stated grid', () => {
  const settings = verdictSettings();
  const stated = verdictSettings({ errors: { ...settings.errors, ...STATED } });
  // One in 2,000 fails where one in 10,000 may.
  const ticks = Array.from({ length: 200 }, (_, at) =>
    aTick(at + 1, { candidateFailures: at % 4 === 3 ? 1 : 0 }),
  );
  const condemnedAt = (of: VerdictSettings): number =>
    stateBehind(ticks, of).condemnedAt ?? Infinity;
  assert.ok(condemnedAt(settings) < condemnedAt(stated));
});

test('a deployment that was recorded with one grid for all goes on with it', () => {
  const { absoluteAlternatives: _, ...recorded } = verdictSettings().errors;
  const settings = verdictSettings({ errors: recorded });
  const ticks = [aTick(1, { candidateFailures: 1 }), aTick(2)];
  const stated = verdictSettings({ errors: { ...recorded, ...STATED } });
  assert.deepEqual(stateBehind(ticks, settings), stateBehind(ticks, stated));
});

test('two ticks in which everything fails are not enough to condemn, a third is', () => {
  const ticks = [1, 2, 3].map((number) => aTick(number, { candidateFailures: 500 }));
  assert.equal(stateBehind(ticks).condemnedAt, 3);
});

test('one moment in which all that was under way stood still is not enough to condemn', () => {
  const settings = verdictSettings();
  const stall = (number: number) =>
    aTick(number, { latency: { candidate: spread(500, 200), stable: spread(4_500) } });
  const ticks = (stalled: number): VerdictTick[] =>
    Array.from({ length: 60 }, (_, at) => (at >= 60 - stalled ? stall(at + 1) : aTick(at + 1)));
  assert.equal(stateBehind(ticks(1), settings).condemnedAt, null);
  assert.equal(stateBehind(ticks(2), settings).condemnedAt, null);
  assert.notEqual(stateBehind(ticks(10), settings).condemnedAt, null);
});

test('a tick that is too long to show how its slow answers clump is worth less', () => {
  const families = ['latency'] as const;
  const slow = { latency: { candidate: spread(500, 200), stable: spread(4_500) } };
  const ticks = [aTick(1), ...Array.from({ length: 20 }, (_, at) => aTick(at + 2, slow))];
  const condemnedAt = (tickMs: number): number =>
    stateBehind(ticks, defaultVerdictSettings({ tickMs, horizonTicks: 720, families }))
      .condemnedAt ?? Infinity;
  assert.ok(condemnedAt(10_000) > condemnedAt(5_000));
});

test('a first tick that cannot be used costs the evidence nothing of its start', () => {
  const bad = Array.from({ length: 10 }, (_, at) => aTick(at + 2, { candidateFailures: 5 }));
  const unusable = aTick(1, { candidateFailures: Number.NaN });
  const idle = aTick(1, { candidateResponses: 0, stableResponses: 0 });
  near(errorEvidence(stateBehind([unusable, ...bad])), errorEvidence(stateBehind([idle, ...bad])));
});
