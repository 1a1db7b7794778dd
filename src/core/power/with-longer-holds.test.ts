import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aRehearsedPlan } from '../../../test/support/core/rehearsal-builder.ts';
import { withLongerHolds } from './with-longer-holds.ts';

test('a gate that holds for longer may wait as long again for its evidence', () => {
  const { steps } = withLongerHolds(aRehearsedPlan({ weights: [100] }), 12);

  const gates = steps.flatMap(({ action, deadlineMs }) =>
    action.kind === 'judge-traffic' ? [{ holdMs: action.limits.holdMs, deadlineMs }] : [],
  );
  assert.deepEqual(gates[0], { holdMs: 120_000, deadlineMs: 240_000 });
});
