/** `npm run bench:engine`: what the engine adds to a step, and how fast a server is at work again. */
import { inBenchPlace } from './bench-place.ts';
import { distributionOf } from './distribution.ts';
import { measureStarts } from './engine/measure-starts.ts';
import { measureSteps } from './engine/measure-steps.ts';
import { measureWarmUps } from './engine/measure-warm-up.ts';
import { atMost, runBench } from './run-bench.ts';

const STEPS_MIN = 1_000;
const STARTS = 10;
const OVERHEAD_MS_MAX = 5;
const START_MS_MAX = 3_000;

await runBench(async (say) => {
  say(`At least ${STEPS_MIN} steps on drivers that cost nothing …`);
  const steps = await inBenchPlace((place) => measureSteps(place, STEPS_MIN));
  say(`${STARTS} starts of a server with a deployment waiting …`);
  const serverStart = distributionOf(await inBenchPlace((place) => measureStarts(place, STARTS)));
  say(`${STARTS} times surefoot up and surefoot deploy …`);
  const warm = await measureWarmUps(STARTS);
  const overhead = distributionOf(steps.overheadMs);
  const upToFirstStep = distributionOf(warm.firstStepMs);
  return {
    bench: 'engine',
    goals: [
      atMost('engine overhead per step, median ms', overhead?.median ?? null, OVERHEAD_MS_MAX),
      atMost('server start to first step, max ms', serverStart?.max ?? null, START_MS_MAX),
      atMost('surefoot up to first step, median ms', upToFirstStep?.median ?? null, START_MS_MAX),
    ],
    distributions: {
      overhead,
      bareStep: distributionOf(steps.bareStepMs),
      smallCommit: distributionOf(steps.smallCommitMs),
      emptyTransaction: distributionOf(steps.emptyTransactionMs),
      serverStart,
      up: distributionOf(warm.upMs),
      upToFirstStep,
    },
    facts: { deployments: steps.deployments },
  };
});
