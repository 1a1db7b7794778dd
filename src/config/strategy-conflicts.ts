/** What of a rollout does not fit its strategy, each with what to do instead. */
import { z } from 'zod';
import { formatDuration } from '../core/model/duration.ts';
import { baselineRefusal } from '../core/plan/baseline-refusal.ts';
import { batchRefusal } from '../core/plan/batch-sizes.ts';
import type { ConfigPath } from './config-problem.ts';
import { isMapping, type ConfigValue } from './config-tree.ts';
import { gateSchema, rolloutSchema } from './rollout-schema.ts';
import { keysOfStrategy, strategyOf, type StrategyKeys } from './strategy-schema.ts';

/** A path within the rollout. */
export interface RolloutConflict {
  readonly path: ConfigPath;
  readonly message: string;
}

/** Only what the rules compare, so that an unknown key beside it does not matter. */
const strategyKeys = z.object({
  strategy: rolloutSchema.shape.strategy,
  weights: rolloutSchema.shape.weights,
  steps: rolloutSchema.shape.steps,
  proof: rolloutSchema.shape.proof,
  batch: rolloutSchema.shape.batch,
  baseline: rolloutSchema.shape.baseline,
  keepOld: rolloutSchema.shape.keepOld,
  gate: z
    .object({
      holdFor: gateSchema.shape.holdFor,
      deadline: gateSchema.shape.deadline,
      minSamples: gateSchema.shape.minSamples,
      compare: gateSchema.shape.compare,
      resources: gateSchema.shape.resources,
    })
    .prefault({}),
});

type Keys = StrategyKeys & z.output<typeof strategyKeys>;

/** Null where one of them is no value at all, which is said elsewhere. */
export function strategyKeysOf(rollout: ConfigValue | undefined): Keys | null {
  const parsed = strategyKeys.safeParse(rollout ?? {});
  return parsed.success ? parsed.data : null;
}

/** `instances` of the target; null where it has no such number. */
export function strategyConflicts(
  rollout: ConfigValue | undefined,
  instances: number | null,
): readonly RolloutConflict[] {
  const keys = strategyKeysOf(rollout);
  if (!keys || !isMapping(rollout)) return [];
  return [
    ...(instances === null ? [] : unfitBatch(keys, instances)),
    ...unfitBaseline(keys, instances),
    ...foreignKeys(keys, rollout),
    ...twoWays(rollout),
    ...stepOrder(keys),
    ...nothingCompared(keys),
  ];
}

function foreignKeys(
  { strategy }: Keys,
  rollout: Readonly<Record<string, ConfigValue>>,
): readonly RolloutConflict[] {
  return Object.entries(keysOfStrategy).flatMap(([other, keys]) =>
    other === strategy
      ? []
      : keys
          .filter((key) => key in rollout)
          .map((key) => ({
            path: [key],
            message: `${key} belongs to the strategy ${other}, and this one is ${strategy}; leave it out or say strategy: ${other}`,
          })),
  );
}

function twoWays(rollout: Readonly<Record<string, ConfigValue>>): readonly RolloutConflict[] {
  if (!('weights' in rollout) || !('steps' in rollout)) return [];
  const message =
    'steps and weights say the same thing twice; leave weights out, each step has its weight';
  return [{ path: ['weights'], message }];
}

function stepOrder({ steps = [], gate }: Keys): readonly RolloutConflict[] {
  return steps.flatMap(({ holdFor }, index) => {
    if (holdFor === undefined || holdFor < gate.deadline) return [];
    const message = `holdFor (${formatDuration(holdFor)}) must be shorter than the gate's deadline (${formatDuration(gate.deadline)}), or no verdict could ever be PASS; raise gate.deadline`;
    return [{ path: ['steps', index, 'holdFor'], message }];
  });
}

function unfitBatch({ strategy, batch }: Keys, instances: number): readonly RolloutConflict[] {
  const message = strategy === 'rolling' ? batchRefusal(batch, instances) : null;
  return message === null ? [] : [{ path: ['batch'], message }];
}

function unfitBaseline(keys: Keys, instances: number | null): readonly RolloutConflict[] {
  const { baseline, gate } = keys;
  // Beside another strategy it is a key too many, which is said already.
  if (!baseline || keys.strategy !== 'canary') return [];
  if (gate.compare.length === 0 && !gate.resources) {
    const message =
      'nothing is compared with the baseline; say gate: { compare: [errors, latency] }, or leave it out';
    return [{ path: ['baseline'], message }];
  }
  const refusal = baselineRefusal(strategyOf(keys), baseline.instances, instances ?? 1);
  return refusal === null ? [] : [{ path: ['baseline'], message: refusal }];
}

/** At all of the traffic there is nothing beside the candidate. */
function nothingCompared(keys: Keys): readonly RolloutConflict[] {
  const { compare, resources } = keys.gate;
  if (compare.length === 0 && !resources) return [];
  const strategy = strategyOf(keys);
  const key = compare.length === 0 ? 'resources' : 'compare';
  const path = ['gate', key];
  switch (strategy.kind) {
    case 'canary': {
      if (strategy.steps.some(({ weight }) => weight < 100)) return [];
      const message = `nothing can be compared when all traffic goes to the candidate at once; add a weight below 100 or leave ${key} out`;
      return [{ path, message }];
    }
    case 'blue-green': {
      const message = `blue-green gives the candidate all traffic at once, and nothing is left beside it to be compared with; leave ${key} out and judge by errorRate and latency, or say strategy: canary`;
      return [{ path, message }];
    }
    // Every batch but the last leaves some traffic to the stable release.
    case 'rolling':
      return [];
  }
}
