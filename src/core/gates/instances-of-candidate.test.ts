import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  anObservation,
  candidatePool,
  someEvidence,
  someLimits,
  stablePool,
  toldJudgement,
} from '../../../test/support/core/traffic-builder.ts';
import type { InstanceId, PoolId } from '../model/ids.ts';

test('an instance of the candidate that is ejected blocks the PASS, one of the stable pool does not', () => {
  const judged = (pool: PoolId) => {
    const observation = anObservation({ ejected: { [pool]: ['a' as InstanceId] } });
    return toldJudgement(someLimits(), someEvidence({ observation }));
  };

  const judgement = judged(candidatePool);

  assert.equal(judgement.verdict, 'INCONCLUSIVE');
  assert.match(
    judgement.reason,
    /no requests to 1 instance of the candidate, for they have failed several in a row/,
  );
  assert.equal(judged(stablePool).verdict, 'PASS');
});

test('each instance of the candidate must have answered half of an even share of the fewest requests', () => {
  const judged = (counts: readonly number[], samplesMin = 50) => {
    const ofCandidate = Object.fromEntries(counts.map((count, index) => [`i${index}`, count]));
    const observation = anObservation({
      answered: { [stablePool]: { a: 0 }, [candidatePool]: ofCandidate },
    });
    return toldJudgement({ ...someLimits(), samplesMin }, someEvidence({ observation }));
  };

  const judgement = judged([88, 11]);

  assert.equal(judgement.verdict, 'INCONCLUSIVE');
  assert.match(judgement.reason, /answered too little at this weight: 11 of the 12 that each must/);
  assert.equal(judged([88, 12]).verdict, 'PASS');
  assert.equal(judged([99, 0], 1).verdict, 'INCONCLUSIVE');
  assert.equal(judged([99, 1], 1).verdict, 'PASS');
  assert.equal(judged([]).verdict, 'INCONCLUSIVE', 'nothing is known of any');
});
