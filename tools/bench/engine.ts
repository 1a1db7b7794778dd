/** `npm run bench:engine`: what the engine adds to a step, and how fast a server is at work again. */
import { inBenchPlace } from './bench-place.ts';
import { distributionOf } from './distribution.ts';
import { measureSteps } from './engine/measure-steps.ts';
import { atMost, runBench } from './run-bench.ts';

const STEPS_MIN = 1_000;
const OVERHEAD_MS_MAX = 5;

await runBench(async (say) => {
  say(`At least ${STEPS_MIN} steps on drivers that cost nothing …`);
  const steps = await inBenchPlace((place) => measureSteps(place, STEPS_MIN));
  const overhead = distributionOf(steps.overheadMs);
  return {
    bench: 'engine',
    goals: [atMost('engine overhead per step, median ms', overhead?.median ?? null, OVERHEAD_MS_MAX)],
    distributions: { overhead, bareStep: distributionOf(steps.bareStepMs), emptyTransaction: distributionOf(steps.emptyTransactionMs), smallCommit: distributionOf(steps.smallCommitMs) },
    facts: { deployments: steps.deployments },
  };
});
