/**
 * `npm run bench:verdict`: how often Surefoot and judges as Flagger, Argo Rollouts and Kayenta have them
 * roll back a release that is no different, and how soon one that is worse; all on the same streams.
 * About half an hour on two processors.
 */
import { atMost, runBench } from './run-bench.ts';
import { SEED } from './verdict/bench-part.ts';
import { measureDetection } from './verdict/measure-detection.ts';
import { measureFalseRollbacks } from './verdict/measure-false-rollbacks.ts';
import { measurePasses } from './verdict/measure-passes.ts';
import { measureThroughBalancer } from './verdict/measure-through-balancer.ts';
import { measureTickCost } from './verdict/measure-tick-cost.ts';

await runBench(async (say) => {
  const falseRollbacks = await measureFalseRollbacks(say);
  const detection = await measureDetection(say);
  const passes = await measurePasses(say);
  const balanced = measureThroughBalancer(say);
  say('The cost of a tick …');
  const cost = measureTickCost();
  return {
    bench: 'verdict',
    goals: [
      ...falseRollbacks.goals,
      ...detection.goals,
      ...passes.goals,
      ...balanced.goals,
      atMost('one tick of one service, median µs', cost.medianUs, 50),
    ],
    distributions: {},
    facts: { seed: SEED, tickCostUs: cost },
    tables: [...falseRollbacks.tables, ...detection.tables, ...passes.tables, ...balanced.tables],
  };
});
