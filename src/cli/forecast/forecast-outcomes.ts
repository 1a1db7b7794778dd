/** Rehearses a plan many times with whatever may happen to it. */
import type { Plan } from '../../core/plan/plan.ts';
import { distributionOf, type PlanDistribution } from '../../core/power/distribution-of.ts';
import { drawScenarios } from '../../core/rehearsal/draw-scenarios.ts';
import { rehearse } from '../../core/rehearsal/rehearse.ts';
import { healthy } from '../../core/traffic-model/conduct.ts';
import type { DeclaredTraffic } from '../../core/traffic-model/declared-traffic.ts';
import { rehearseInThreads } from './rehearse-in-threads.ts';

export interface OutcomeForecast {
  readonly runs: number;
  readonly seed: number;
  readonly distribution: PlanDistribution;
}

export async function forecastOutcomes(
  given: {
    readonly plan: Plan;
    readonly traffic: DeclaredTraffic;
    readonly seed: number;
    readonly runs: number;
  },
  signal: AbortSignal,
): Promise<OutcomeForecast> {
  const { plan, traffic, seed, runs } = given;
  const { totalMs } = rehearse({ plan, traffic, conduct: healthy, mishaps: [], seed });
  const scenarios = drawScenarios(plan, { runs, seed, aboutMs: totalMs });
  const figures = await rehearseInThreads({ plan, traffic, scenarios }, signal);
  return { runs, seed, distribution: distributionOf(figures) };
}
