import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { aTick, spread, verdictSettings } from '../../../test/support/core/verdict-builder.ts';
import { applyTick } from './apply-tick.ts';
import { startWeight } from './restart-mixture.ts';
import { initialVerdictState } from './verdict-state.ts';
import type { VerdictTick } from './verdict-tick.ts';

const HORIZON = 1_800;

test('the weights of all beginnings never sum to more than 1, and come to it', () => {
  const shares = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(shares, shares, fc.integer({ min: 1, max: 200 }), (first, lateShare, horizon) => {
      const weights = { first, lateShare, horizonTicks: horizon };
      let sum = 0;
      for (let tick = 1; tick <= 100 * (horizon + 1); tick += 1) sum += startWeight(tick, weights);
      assert.ok(sum <= 1 + 1e-9, `${sum}`);
      assert.ok(sum >= 1 - lateShare * (1 - first) * 0.0101 - 1e-9, `${sum}`);
    }),
    { numRuns: 50 },
  );
});

test('what was recorded without late beginnings has none', () => {
  assert.equal(startWeight(HORIZON + 2, { first: 0.5, horizonTicks: HORIZON }), 0);
});

/** Ticks until the evidence suffices, when it gets worse after so many good ones. */
function ticksToFind(good: number, worse: Parameters<typeof aTick>[1]): number {
  const settings = {
    ...verdictSettings({ tickMs: 1_000 }),
    restarts: { ...verdictSettings().restarts, horizonTicks: HORIZON },
  };
  const counts = { candidateResponses: 100, stableResponses: 900 };
  let state = initialVerdictState(settings);
  const take = (changes: Partial<VerdictTick>): void => {
    state = applyTick(settings, state, aTick(state.lastTick + 1, { ...counts, ...changes }));
  };
  for (let tick = 0; tick < good; tick += 1) take({});
  while (state.condemnedAt === null && state.lastTick < good + 1_000) take(worse ?? {});
  return state.lastTick - good;
}

for (const [title, worse] of [
  ['slower', { latency: { candidate: spread(100, 8), stable: spread(900) } }],
  ['failing', { candidateFailures: 1 }],
] as const) {
  test(`in a wait that lasts four times as long as was planned, a ${title} candidate is found not much later`, () => {
    const [within, beyond] = [ticksToFind(HORIZON / 2, worse), ticksToFind(4 * HORIZON, worse)];

    assert.ok(within < 60, `${within}`);
    assert.ok(beyond <= within + 30, `${beyond} after ${within}`);
  });
}
