import assert from 'node:assert/strict';
import { test } from 'node:test';
import { someEvidence, someLimits } from '../../../test/support/core/traffic-builder.ts';
import { comparedSoFar } from '../verdict/compared-figures.ts';
import { defaultVerdictSettings } from '../verdict/default-verdict-settings.ts';
import { initialVerdictState } from '../verdict/verdict-state.ts';
import { judgeTraffic } from './judge-traffic.ts';

const settings = defaultVerdictSettings({
  ...{ tickMs: 1_000, horizonTicks: 600 },
  ...{ families: ['resources'], gauges: ['memory', 'openFiles'] },
});

function judged(mustExcludeHarm: boolean) {
  const state = {
    ...initialVerdictState(settings),
    totals: {
      candidateResponses: 100,
      stableResponses: 0,
      candidateFailures: 0,
      stableFailures: 0,
    },
    gauges: { memory: { blocks: [1], bets: [0] } },
  };
  const compared = comparedSoFar({ settings, mustExcludeHarm }, 50, { state });
  return judgeTraffic(someLimits(), someEvidence({ compared })).tell();
}

test('a candidate that must do no harm waits until all that it takes up is known', () => {
  const { verdict, reason } = judged(true);

  assert.equal(verdict, 'INCONCLUSIVE');
  assert.match(
    reason,
    /has not been compared for long enough: 1 resource of the 2 that are judged/,
  );
});

test('one that must only be no worse passes without it', () => {
  assert.equal(judged(false).verdict, 'PASS');
});
