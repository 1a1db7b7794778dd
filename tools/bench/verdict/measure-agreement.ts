/** Whether `surefoot plan --power` foretells what is measured on the bench's own streams. */
import type { Plan } from '../../../src/core/plan/plan.ts';
import { quantile } from '../../../src/core/model/quantile.ts';
import { powerOf, powerScenarios } from '../../../src/core/power/power-of.ts';
import { rehearseAll } from '../../../src/core/rehearsal/rehearse-all.ts';
import { regressions, type Regression } from '../../../src/core/traffic-model/regression.ts';
import { aPlan, aRolloutPolicy } from '../../../test/support/plan-builder.ts';
import { bakeInThreads } from './bake-in-threads.ts';
import { HOUR_S, runsOf } from './bench-part.ts';

export interface Agreement {
  readonly regression: string;
  readonly candidateRps: number;
  /** Medians in seconds. */
  readonly predictedS: number;
  readonly measuredS: number;
  /** How far the prediction is from what was measured, of which a second is a tick. */
  readonly off: number;
}

const WEIGHT = 10;
const LONGEST_S = 2 * HOUR_S;
/** What is measured passes by in ticks: half of one on either side says nothing. */
const TICK_S = 1;

export async function measureAgreement(given: {
  readonly candidateRps: number;
  readonly of: readonly Regression[];
  readonly measuredRuns: number;
  readonly predictedRuns: number;
}): Promise<readonly Agreement[]> {
  const { candidateRps, of, measuredRuns } = given;
  const predicted = predictedMedians(given);
  const results = await bakeInThreads(
    of.flatMap((regression) =>
      runsOf(measuredRuns, (seed) => ({
        traffic: {
          seed,
          candidateRps,
          tickS: TICK_S,
          errorRate: 0.000_1,
          regression,
          isNoisy: true,
        },
        bakeS: LONGEST_S,
      })),
    ),
  );
  return of.map(({ name }, at) => {
    const delays = results
      .slice(at * measuredRuns, (at + 1) * measuredRuns)
      .map(({ rolledBackS }) => rolledBackS['Surefoot'] ?? Infinity);
    const [predictedS, measuredS] = [predicted.get(name) ?? Infinity, quantile(delays, 0.5)];
    const apartS = Math.max(0, Math.abs(predictedS - measuredS) - TICK_S / 2);
    return { regression: name, candidateRps, predictedS, measuredS, off: apartS / measuredS };
  });
}

/** Without limits and trips, so that the comparison alone decides, as in the bench. */
export function comparingPlan(): Plan {
  return aPlan({
    rollout: aRolloutPolicy({
      weights: [WEIGHT, 100],
      limits: {
        ...{ holdMs: LONGEST_S * 1_000, samplesMin: 1, errorRateMax: 1 },
        latency: { quantile: 0.95, maxMs: 1e6 },
      },
      judgeDeadlineMs: LONGEST_S * 1_000,
      compare: ['errors', 'latency'],
      trip: { connectErrors: 1e6, serverErrors: 1e6, timeouts: 1e6 },
    }),
  });
}

/** Seconds, by the name of the regression. */
export function predictedMedians(given: {
  readonly candidateRps: number;
  readonly of: readonly Regression[];
  readonly predictedRuns: number;
}): ReadonlyMap<string, number> {
  const plan = comparingPlan();
  const traffic = {
    requestsPerSecond: (given.candidateRps * 100) / WEIGHT,
    errorRate: 0.000_1,
    latencyMs: { p50: 80, p99: 256 },
  };
  const figures = rehearseAll(plan, traffic, powerScenarios(1, given.predictedRuns, given.of));
  return new Map(
    powerOf(plan, figures).worse.map(({ conduct, caughtMs }) => [
      conduct,
      (caughtMs?.median ?? Infinity) / 1_000,
    ]),
  );
}

/** The bench's regressions that are found within the time at this rate. */
export function regressionsAt(candidateRps: number): readonly Regression[] {
  return regressions.filter(({ name }) => candidateRps >= 100 || name !== '0.01 to 0.1 % errors');
}
