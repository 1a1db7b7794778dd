import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aPlan, aRolloutPolicy } from '../../../test/support/plan-builder.ts';
import type { RolloutPolicy } from '../../core/plan/plan.ts';
import { createPaint } from './paint.ts';
import { planLines } from './plan-lines.ts';

function gateLines(changes: Partial<RolloutPolicy>): readonly string[] {
  const plan = aPlan({ rollout: aRolloutPolicy(changes) });
  const lines = planLines(plan, 'sha256:plan', createPaint(false));
  return lines.filter((line) => line.includes('compared')).map((line) => line.trim());
}

test('a plan says what of the candidate is compared, by how much it may be worse, and how sure that is', () => {
  const [first, ...others] = gateLines({ compare: ['errors', 'latency'], warmUpResponses: 500 });

  assert.equal(
    first,
    'compared with the stable release after 1000 answers: reverts when it fails more than 1.25 times as often or is more than 5 % and 1 ms slower beyond doubt, wrongly in at most 1 of 1000 deployments',
  );
  assert.equal(others.length, 1);
});

test('it names what is compared alone, and nothing where nothing is', () => {
  const [errors] = gateLines({ compare: ['errors'] });

  assert.match(errors ?? '', /reverts when it fails more than 1\.25 times as often beyond doubt/);
  assert.deepEqual(gateLines({ compare: [] }), []);
});
