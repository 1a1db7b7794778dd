/** One thing that may happen to a plan: how its release behaves, and what goes wrong around it. */
import type { Conduct } from '../traffic-model/conduct.ts';
import type { Mishap } from './mishap.ts';

export interface Scenario {
  readonly conduct: Conduct;
  readonly mishaps: readonly Mishap[];
  readonly seed: number;
}
