import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededDraws } from '../../test/support/core/seeded-draws.ts';
import { aTick } from '../../test/support/core/verdict-builder.ts';
import { applyTick } from '../core/verdict/apply-tick.ts';
import { defaultVerdictSettings } from '../core/verdict/default-verdict-settings.ts';
import { initialVerdictState } from '../core/verdict/verdict-state.ts';
import { createFailingCallers } from './failing-callers.ts';

const SECOND_NS = 1_000_000_000n;

test('all failures of a caller within ten seconds of the first are one', () => {
  const callers = createFailingCallers();
  assert.equal(callers.isFirst('ada', 0n), true);
  assert.equal(callers.isFirst('ada', 9n * SECOND_NS), false);
  assert.equal(callers.isFirst('ada', 10n * SECOND_NS), true);
  assert.equal(callers.isFirst('ada', 19n * SECOND_NS), false);
});

test('a failing crowd is remembered up to a limit, and every failure beyond it counts', () => {
  const callers = createFailingCallers();
  for (let caller = 0; caller < 10_000; caller += 1) callers.isFirst(caller, 0n);
  assert.equal(callers.isFirst('late', 1n), true);
  assert.equal(callers.isFirst('late', 2n), true);
  assert.equal(callers.isFirst(0, 3n), false);
  callers.forget(10n * SECOND_NS);
  callers.isFirst('late', 10n * SECOND_NS);
  assert.equal(callers.isFirst('late', 11n * SECOND_NS), false);
});

test('another caller is another one', () => {
  const callers = createFailingCallers();
  assert.equal(callers.isFirst('ada', 0n), true);
  assert.equal(callers.isFirst('grace', 0n), true);
});

test('a caller whose time is over is forgotten, whoever else still fails', () => {
  const callers = createFailingCallers();
  callers.isFirst('ada', 0n);
  callers.isFirst('grace', 5n * SECOND_NS);
  assert.equal(callers.isFirst('grace', 12n * SECOND_NS), false);
  assert.equal(callers.isFirst('ada', 12n * SECOND_NS), true);
});

/** Ten minutes in which both releases fail one request in twenty, asked over a few kept-open connections. */
function incidentOf(seed: number, connections: number): number | null {
  const settings = defaultVerdictSettings({
    ...{ tickMs: 1_000, horizonTicks: 600 },
    families: ['errors'],
  });
  const draws = seededDraws(seed);
  const callers = createFailingCallers();
  let state = initialVerdictState(settings);
  for (let second = 1; second <= 600; second += 1) {
    const counts = { candidateResponses: 0, stableResponses: 0 };
    const failures = { candidateFailures: 0, stableFailures: 0 };
    for (let request = 0; request < 300; request += 1) {
      const isCandidate = draws.uniform() < 0.1;
      counts[isCandidate ? 'candidateResponses' : 'stableResponses'] += 1;
      if (draws.uniform() >= 0.05) continue;
      const caller = Math.floor(draws.uniform() * connections);
      if (!callers.isFirst(caller, BigInt(second) * SECOND_NS)) continue;
      failures[isCandidate ? 'candidateFailures' : 'stableFailures'] += 1;
    }
    const slice = { sliceResponses: 0, sliceFailures: 0 };
    const latency = { candidate: [], stable: [] };
    state = applyTick(settings, state, aTick(second, { ...counts, ...failures, slice, latency }));
  }
  return state.condemnedAt;
}

test('an incident that both releases meet condemns nobody, however few connections it comes over', () => {
  for (const connections of [5, 20, 50, 1_000]) {
    for (let seed = 1; seed <= 5; seed += 1) {
      assert.equal(incidentOf(seed, connections), null, `${connections} connections, seed ${seed}`);
    }
  }
});
