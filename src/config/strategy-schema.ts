/** How the traffic moves to a candidate: the keys of each strategy, and what they come to. */
import { z } from 'zod';
import { durationWithin } from '../core/model/duration.ts';
import { countWithin, percentageSchema } from './scalar-schemas.ts';
import type { StepConfig, StrategyConfig } from './system-config.ts';

const STEPS_MAX = 20;
const SAMPLES_MAX = 1_000_000;
const PROOF_MAX = 1_000;
const INSTANCES_MAX = 1_000;
const WEIGHTS = [10, 50, 100];
const KEEP_OLD_BLUE_GREEN_MS = 600_000;

type Batch = Extract<StrategyConfig, { kind: 'rolling' }>['batch'];

export const holdForSchema = durationWithin(
  '1s',
  '1d',
  'Least time at each weight before the verdict may be PASS. Over all weights together at least the requestTimeout of the balancer, so that a request that hangs is seen.',
);

export const minSamplesSchema = countWithin(1, SAMPLES_MAX).describe(
  'Least requests that the candidate must have answered at each weight; each instance half of an even share of them.',
);

const weightsSchema = z
  .array(countWithin(1, 100))
  .min(1, { error: 'needs at least one weight; the last one is 100' })
  .max(STEPS_MAX)
  .superRefine((weights, context) => {
    refuseUnrising(weights, context, (index) => [index]);
  });

const stepsSchema = z
  .array(
    z.strictObject({
      weight: countWithin(1, 100).describe('Share of new requests in percent.'),
      holdFor: holdForSchema.optional(),
      minSamples: minSamplesSchema.optional(),
    }),
  )
  .min(1, { error: 'needs at least one step; the weight of the last one is 100' })
  .max(STEPS_MAX)
  .superRefine((steps, context) => {
    const weights = steps.map(({ weight }) => weight);
    refuseUnrising(weights, context, (index) => [index, 'weight']);
  });

export const strategyShape = {
  strategy: z
    .enum(['canary', 'blue-green', 'rolling'])
    .prefault('canary')
    .describe(
      'How traffic moves to the candidate: `canary` step by step, `blue-green` all at once when probes have proven it, `rolling` with its instances as they are started.',
    ),
  weights: weightsSchema
    .optional()
    .describe(
      'canary: rising shares of new requests for the candidate, in percent; the last is 100. Default: 10, 50, 100.',
    ),
  steps: stepsSchema
    .optional()
    .describe(
      'canary: in the place of weights, where a share has floors of its own; what a step does not say comes from gate.',
    ),
  proof: countWithin(1, PROOF_MAX)
    .prefault(20)
    .describe(
      'blue-green: passes in a row that every probe must show on every instance before the first client; not below probing.consecutive.',
    ),
  batch: z
    .union([
      countWithin(1, INSTANCES_MAX).transform((instances): Batch => ({ instances })),
      percentageSchema
        .refine((share) => share > 0, { error: 'must be above 0%, or nothing is ever started' })
        .transform((share): Batch => ({ share })),
    ])
    .prefault('25%')
    .describe(
      'rolling: how many instances are started at a time, as a number or, rounded up, as a percentage of the pool.',
    ),
  baseline: z
    .strictObject({
      instances: countWithin(1, INSTANCES_MAX)
        .prefault(1)
        .describe('How many instances it has. None carries more than one of the stable pool.'),
    })
    .optional()
    .describe(
      'canary with gate.compare: a fresh pool of the stable release that is started beside the candidate, gets as much traffic, and is what the candidate is compared with: both have warmed up for as long.',
    ),
};

/** The keys that only one strategy has. */
export const keysOfStrategy = {
  canary: ['weights', 'steps', 'baseline'],
  'blue-green': ['proof'],
  rolling: ['batch'],
} as const satisfies Readonly<Record<StrategyConfig['kind'], readonly string[]>>;

/** What of a rollout the strategy and its stages depend on. */
export interface StrategyKeys {
  readonly strategy: StrategyConfig['kind'];
  readonly weights?: readonly number[] | undefined;
  readonly steps?:
    | readonly {
        readonly weight: number;
        readonly holdFor?: number | undefined;
        readonly minSamples?: number | undefined;
      }[]
    | undefined;
  readonly proof: number;
  readonly batch: Batch;
  readonly gate: { readonly holdFor: number; readonly minSamples: number };
  readonly keepOld?: number | undefined;
}

export function strategyOf(keys: StrategyKeys): StrategyConfig {
  switch (keys.strategy) {
    case 'canary':
      return { kind: 'canary', steps: stepsOf(keys) };
    case 'blue-green':
      return { kind: 'blue-green', proof: keys.proof };
    case 'rolling':
      return { kind: 'rolling', batch: keys.batch };
  }
}

function stepsOf({ weights = WEIGHTS, steps, gate }: StrategyKeys): readonly StepConfig[] {
  const said =
    steps ?? weights.map((weight) => ({ weight, holdFor: undefined, minSamples: undefined }));
  return said.map(({ weight, holdFor, minSamples }) => ({
    weight,
    holdFor: holdFor ?? gate.holdFor,
    minSamples: minSamples ?? gate.minSamples,
  }));
}

export function keepOldOf({ strategy, keepOld }: StrategyKeys): number {
  return keepOld ?? (strategy === 'blue-green' ? KEEP_OLD_BLUE_GREEN_MS : 0);
}

function refuseUnrising(
  weights: readonly number[],
  context: z.core.$RefinementCtx,
  pathOf: (index: number) => (string | number)[],
): void {
  const refuse = (index: number, message: string): void => {
    context.addIssue({ code: 'custom', path: pathOf(index), message });
  };
  for (const [index, weight] of weights.entries()) {
    const before = weights[index - 1];
    if (before === undefined || weight > before) continue;
    refuse(
      index,
      `${weight} does not rise above ${before}; every weight must be greater than the one before it`,
    );
  }
  const last = weights.at(-1);
  if (last === 100 || last === undefined) return;
  refuse(
    weights.length - 1,
    `the last weight is ${last}; it must be 100, or the release never takes all traffic`,
  );
}
