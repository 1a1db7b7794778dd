import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aSimulatedPlan } from './a-simulated-plan.ts';
import { followRun } from './follow-run.ts';
import { told } from './told.ts';

const plan = aSimulatedPlan();

test('of aborts that come too late the record says what they met, whoever answers them', async () => {
  const last = plan.revert.at(-1)?.id ?? '';
  const tooLate = [
    { fault: 'aborted-twice', step: 'check-environment', call: 'store.recordOutcome' },
    { fault: 'aborted', step: 'forget-old', call: 'store.endDeployment' },
  ] as const;
  for (const placed of tooLate) {
    const run = await followRun(plan, { faults: [placed] });

    const met = told(run, 'AbortRefused').map((refused) => refused.met);
    assert.deepEqual(met, [run.status]);
  }
  const early = { fault: 'aborted', step: 'judge-50', call: 'store.recordOutcome' } as const;
  for (const call of ['store.recordOutcome', 'store.endDeployment'] as const) {
    const late = { fault: 'aborted', step: last, call } as const;
    const run = await followRun(plan, { faults: [early, late] });

    assert.deepEqual(
      told(run, 'AbortRefused').map(({ met }) => met),
      [run.status],
      call,
    );
  }
});
