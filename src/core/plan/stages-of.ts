/**
 * Every strategy as the same thing: stages on the way to all of the traffic. What carries a stage out,
 * judges it and takes it back knows of no strategy.
 */
import { batchSizes } from './batch-sizes.ts';
import type { RolloutPolicy } from './plan.ts';

export interface Stage {
  /** The candidate's share of new requests in percent. */
  readonly weight: number;
  /** How many of its instances carry it. */
  readonly instances: number;
  /** Least time and least requests at this weight. */
  readonly holdMs: number;
  readonly samplesMin: number;
}

/** For a candidate of so many instances. */
export function stagesOf(
  { strategy, limits }: Pick<RolloutPolicy, 'strategy' | 'limits'>,
  instances: number,
): readonly Stage[] {
  switch (strategy.kind) {
    case 'canary':
      return strategy.steps.map((step) => ({ ...step, instances }));
    case 'blue-green':
      return [allAtOnce(limits, instances)];
    case 'rolling':
      return batchSizes(strategy.batch, instances).map((size) => ({
        ...allAtOnce(limits, size),
        // Rounded down: no instance gets more than one of the stable pool has.
        weight: Math.floor((100 * size) / instances),
      }));
  }
}

/** One switch; also the way of a release that has served before. */
export function allAtOnce(
  { holdMs, samplesMin }: RolloutPolicy['limits'],
  instances: number,
): Stage {
  return { weight: 100, instances, holdMs, samplesMin };
}
