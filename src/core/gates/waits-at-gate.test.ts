import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  anObservation,
  aSample,
  candidatePool,
  latenciesOf,
  someEvidence,
  someLimits,
  toldJudgement,
} from '../../../test/support/core/traffic-builder.ts';

test('a promotion waives time alone: nothing passes while a request waits longer than an answer may take', () => {
  const judged = (waitingMs: number) => {
    const observation = anObservation({ oldestWaitingMs: { [candidatePool]: waitingMs } });
    const evidence = someEvidence({ observation, heldMs: 0 });
    return toldJudgement(someLimits({ isHoldWaived: true }), evidence);
  };

  assert.equal(judged(100).verdict, 'PASS');
  assert.equal(judged(101).verdict, 'INCONCLUSIVE');
  assert.match(judged(101).reason, /has been waiting for 101 ms, longer than 100 ms/);
});

test('who leaves a little after the limit has met a slow answer', () => {
  const left = { abandoned: 10, abandonedWaits: latenciesOf(10, 110) };
  const evidence = someEvidence({ samples: [aSample(left)] });

  assert.equal(toldJudgement(someLimits(), evidence).verdict, 'ROLLBACK');
});

test('clients that leave soon do not hide that the answers to others are slow', () => {
  const latency = [...latenciesOf(90, 20), ...latenciesOf(10, 150)];
  const left = { abandoned: 200, abandonedWaits: latenciesOf(200, 90) };
  const evidence = someEvidence({ samples: [aSample({ latency, ...left })] });

  assert.equal(toldJudgement(someLimits(), evidence).verdict, 'ROLLBACK');
});
