import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aSimulatedPlan } from './a-simulated-plan.ts';
import { followRun } from './follow-run.ts';
import type { RunParts } from './simulated-run.ts';

const plan = aSimulatedPlan();

test('a stop that was frozen on its way ends nothing behind the refusal of whoever took over', async () => {
  const seen: RunParts[] = [];
  const reload = (parts: RunParts): void => {
    parts.time.after(1_000, () => {
      parts.surroundings.sync();
      parts.surroundings.routing.reload(plan.services[0].scope);
    });
  };
  const thaw = (parts: RunParts): void => {
    for (const process of parts.processes) if (process.isFrozen()) process.thaw();
  };

  const run = await followRun(plan, {
    faults: [
      { fault: 'second-controller', step: 'check-environment' },
      { fault: 'frozen-long', step: 'retire-old', call: 'balancer.observe' },
    ],
    interventions: [
      { when: () => true, act: (parts) => void seen.push(parts) },
      {
        when: () => seen.some((parts) => parts.processes.some((each) => each.isFrozen())),
        act: reload,
      },
      { when: ({ step }) => step === 'zero-candidate', act: thaw },
    ],
  });

  assert.equal(run.status, 'reverted');
  const last = run.moments.at(-1);
  assert.deepEqual(last?.weights, { stable: 100, candidate: 0 });
  assert.deepEqual(last.accepting, { stable: 2, candidate: 0 });
});
