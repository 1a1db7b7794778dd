/** Where a target gave in while the load was raised. */
import type { GeneratorState, StressResult } from '../validation/fact.ts';

export interface StressStep {
  readonly ratePerSecond: number;
  /** In one sentence what it did not keep; null of a step that was borne. */
  readonly broken: string | null;
  readonly generator: GeneratorState;
}

export type Knee = Pick<StressResult, 'capacityPerSecond' | 'limitedBy' | 'observed'>;

/** Steps are in order, and none came after the first that was not borne. */
export function kneeOf(steps: readonly StressStep[]): Knee {
  const borne = steps.filter(({ broken }) => broken === null);
  const capacityPerSecond = borne.at(-1)?.ratePerSecond ?? 0;
  const last = steps.find(({ broken }) => broken !== null);
  if (!last) return { capacityPerSecond, limitedBy: 'nothing', observed: null };
  // What it did not bear shows nothing of the target when the load was not what it should be.
  return last.generator.keptUp
    ? { capacityPerSecond, limitedBy: 'target', observed: last.broken }
    : { capacityPerSecond, limitedBy: 'generator', observed: last.generator.observed };
}
