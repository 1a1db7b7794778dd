/**
 * Every strategy as the same thing: stages on the way to all of the traffic. What carries a stage out,
 * judges it and takes it back knows of no strategy.
 */
import type { RolloutPolicy } from './plan.ts';

export interface Stage {
  /** The candidate's share of new requests in percent. */
  readonly weight: number;
  /** Least time and least requests at this weight. */
  readonly holdMs: number;
  readonly samplesMin: number;
}

export function stagesOf({
  strategy,
  limits,
}: Pick<RolloutPolicy, 'strategy' | 'limits'>): readonly Stage[] {
  switch (strategy.kind) {
    case 'canary':
      return strategy.steps;
    case 'blue-green':
      return [allAtOnce(limits)];
  }
}

/** One switch; also the way of a release that has served before. */
export function allAtOnce({ holdMs, samplesMin }: RolloutPolicy['limits']): Stage {
  return { weight: 100, holdMs, samplesMin };
}
