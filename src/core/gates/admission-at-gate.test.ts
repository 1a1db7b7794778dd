import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  anObservation,
  candidatePool,
  someEvidence,
  someLimits,
  toldJudgement,
} from '../../../test/support/core/traffic-builder.ts';
import type { AdmissionObservation } from '../model/routing.ts';

test('nothing passes without requests that change something, when there are any', () => {
  const judged = (changes: Partial<AdmissionObservation>) => {
    const admission = {
      ...{ isAdmitted: false, needed: 50, cleanAnswers: 40, withheld: 3, unsafeSent: 0 },
      ...changes,
    };
    return toldJudgement(someLimits(), someEvidence({ observation: anObservation({ admission }) }));
  };

  assert.equal(judged({}).verdict, 'INCONCLUSIVE');
  assert.match(
    judged({}).reason,
    /changes something has come .*: it has answered 40 of the 50 safe ones/,
  );
  assert.equal(judged({ isAdmitted: true }).verdict, 'INCONCLUSIVE');
  assert.equal(judged({ isAdmitted: true, unsafeSent: 1 }).verdict, 'PASS');
  assert.equal(judged({ withheld: 0 }).verdict, 'PASS');
});

test('where requests that change something are rare, one is waited for at full weight only', () => {
  const judged = (withheld: number, weight: number) => {
    const admission = { isAdmitted: true, needed: 50, cleanAnswers: 50, withheld, unsafeSent: 0 };
    const observation = anObservation({ admission, weights: { [candidatePool]: weight } });
    return toldJudgement(someLimits(), someEvidence({ observation, weight })).verdict;
  };

  assert.equal(judged(2, 50), 'PASS');
  assert.equal(judged(3, 50), 'INCONCLUSIVE');
  assert.equal(judged(2, 100), 'INCONCLUSIVE');
});
