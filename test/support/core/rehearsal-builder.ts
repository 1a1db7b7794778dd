/** Plans to rehearse, with gates that are quick beside the faults that they find. */
import {
  rehearse,
  type Rehearsal,
  type RehearsalWish,
} from '../../../src/core/rehearsal/rehearse.ts';
import type { RehearsalFigures } from '../../../src/core/rehearsal/rehearse-all.ts';
import { healthy } from '../../../src/core/traffic-model/conduct.ts';
import { aPlan, aRolloutPolicy, type RolloutChanges } from '../plan-builder.ts';

export const someTraffic = {
  requestsPerSecond: 300,
  errorRate: 0,
  latencyMs: { p50: 20, p99: 60 },
};

export function aRehearsedPlan(changes: RolloutChanges = {}) {
  return aPlan({ rollout: aRolloutPolicy({ compare: ['errors', 'latency'], ...changes }) });
}

/** A gate that nothing breaks, so that the comparison or the balancer is what finds something. */
export const wideLimits = {
  holdMs: 10_000,
  samplesMin: 100,
  errorRateMax: 1,
  latency: { quantile: 0.95, maxMs: 10_000 },
};

export function rehearsed(changes: Partial<RehearsalWish> = {}): Rehearsal {
  return rehearse({
    plan: aRehearsedPlan(),
    traffic: someTraffic,
    conduct: healthy,
    mishaps: [],
    seed: 1,
    ...changes,
  });
}

/** What is kept of a rehearsal of a healthy release that is promoted. */
export function someFigures(changes: Partial<RehearsalFigures> = {}): RehearsalFigures {
  return {
    ...{ conduct: healthy.name, mishaps: [], outcome: 'promoted', step: null, cause: null },
    ...{ totalMs: 40_000, caughtMs: null, requests: 100, failures: 0, budgetSeconds: 0, steps: [] },
    ...changes,
  };
}
