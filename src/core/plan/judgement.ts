/** What a stage of live traffic is judged by, and what is done when it is found wanting. */
import { COMPARISON_TICK_MS, type ComparisonPolicy } from '../verdict/comparison.ts';
import { defaultVerdictSettings } from '../verdict/default-verdict-settings.ts';
import { gaugesOf } from '../verdict/gauge-blocks.ts';
import { passing, settledSplit, type Outline } from './outline.ts';
import type { JudgeTraffic, PlannedPool, RolloutPolicy } from './plan.ts';
import type { Stage } from './stages-of.ts';

export function judgement(outline: Outline, stable: PlannedPool, stage: Stage): JudgeTraffic {
  const { candidate, rollout } = outline;
  const { weight, holdMs, samplesMin } = stage;
  return {
    kind: 'judge-traffic',
    candidate: candidate.pool,
    weight,
    limits: { ...rollout.limits, holdMs, samplesMin },
    ...(isCompared(rollout, stage) && { comparison: comparisonPolicy(outline, stage) }),
    onRollback: settledSplit(stable, passing(outline)),
  };
}

/** What a scheduler does to answers of a millisecond is no fault of the release. */
const LATENCY_MARGIN_US = 1_000;

/** At all of the traffic there is nothing beside the candidate. */
function isCompared({ compare }: RolloutPolicy, { weight }: Stage): boolean {
  return compare.length > 0 && weight < 100;
}

/**
 * One bet runs through all stages, which therefore differ in what warms up only, and in that harm must
 * be excluded before the candidate gets all of the traffic.
 */
function comparisonPolicy(outline: Outline, stage: Stage): ComparisonPolicy {
  const { rollout, stages, baseline } = outline;
  const compared = stages.filter((each) => isCompared(rollout, each));
  const settings = defaultVerdictSettings({
    tickMs: COMPARISON_TICK_MS,
    horizonTicks: Math.ceil((compared.length * rollout.judgeDeadlineMs) / COMPARISON_TICK_MS),
    families: rollout.compare,
    services: outline.compared,
    latencyMarginUs: LATENCY_MARGIN_US,
    gauges: gaugesOf(rollout.gauges ?? {}),
    excludesHarm: rollout.excludeHarm,
  });
  return {
    settings,
    ...(baseline && { against: baseline.pool }),
    mustExcludeHarm: rollout.excludeHarm && stage === compared.at(-1),
    warmUpResponses: rollout.warmUpResponses * warmingUp(stages, stage),
    ...(rollout.gauges && { gauges: rollout.gauges }),
  };
}

/** A batch gets its share of what the whole candidate answers, so that all of it waits for a batch. */
function warmingUp(stages: readonly Stage[], until: Stage): number {
  return stages
    .slice(0, stages.indexOf(until) + 1)
    .filter(({ instances }, index) => instances !== stages[index - 1]?.instances)
    .reduce((sum, { instances }) => sum + instances, 0);
}
