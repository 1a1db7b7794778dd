import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aSimulatedPlan } from './a-simulated-plan.ts';
import { carryOutRun } from './carry-out-run.ts';
import type { PlannedFault } from './fault.ts';

// What the simulation once found, each as the scenario that found it.

const found: readonly {
  readonly title: string;
  readonly seed: number;
  readonly faults: readonly PlannedFault[];
}[] = [
  {
    title:
      'a controller that was frozen while another promoted takes no traffic back to what is gone',
    seed: 1892,
    faults: [
      { fault: 'frozen', at: 70 },
      { fault: 'answer-lost', at: 85 },
      { fault: 'killed-after', at: 65 },
    ],
  },
  {
    title: 'the same with a second controller that stood by',
    seed: 2871,
    faults: [
      { fault: 'frozen', at: 91 },
      { fault: 'second-controller', at: 76 },
      { fault: 'answer-lost', at: 11 },
    ],
  },
  {
    title: 'a process that falls behind does not set the recorded state back',
    seed: 500_108,
    faults: [
      { fault: 'second-controller', at: 63 },
      { fault: 'database-restarted', at: 80 },
      { fault: 'frozen', at: 103 },
    ],
  },
];

for (const { title, seed, faults } of found) {
  test(title, async () => {
    const result = await carryOutRun(aSimulatedPlan(), { seed, release: 'good', faults });

    assert.deepEqual(result.violations, []);
  });
}
