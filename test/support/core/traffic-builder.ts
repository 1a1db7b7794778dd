/** What a balancer would report of a candidate in good health, to be changed where a test says so. */
import { noTraffic, observeCandidate } from '../../../src/core/gates/candidate-traffic.ts';
import {
  judgeTraffic,
  type Judgement,
  type TrafficEvidence,
  type TrafficLimits,
} from '../../../src/core/gates/judge-traffic.ts';
import type { InstanceId, PoolId, Scope } from '../../../src/core/model/ids.ts';
import type { RoutingObservation } from '../../../src/core/model/routing.ts';
import { bucketOf, type SparseHistogram } from '../../../src/core/model/histogram.ts';
import { emptySample } from '../../../src/core/model/empty-sample.ts';
import type { TrafficSample } from '../../../src/core/model/traffic-sample.ts';
import { aLease, aPool, aRouting } from '../edge/routing-builder.ts';

export const stablePool = 'production.web.1' as PoolId;
export const candidatePool = 'production.web.2' as PoolId;
const instance = 'a' as InstanceId;
export const stepToken = { deployment: 2, sequence: 5 };
export const revertToken = { deployment: 2, sequence: 1_000_000 };

export function someLimits(changes: Partial<TrafficLimits> = {}): TrafficLimits {
  return {
    holdMs: 10_000,
    samplesMin: 100,
    errorRateMax: 0,
    latency: { quantile: 0.95, maxMs: 100 },
    ...changes,
  };
}

export function aSample(changes: Partial<TrafficSample> = {}): TrafficSample {
  const requests = changes.requests ?? 100;
  return {
    ...emptySample({ epoch: 'first', second: 1, pool: candidatePool, token: stepToken }),
    ...{ requests, latency: latenciesOf(requests, 20) },
    ...changes,
  };
}

export function latenciesOf(count: number, ms: number): SparseHistogram {
  return count === 0 ? [] : [[bucketOf(ms * 1000), count]];
}

/** The candidate has half of the traffic under `stepToken`. */
export function anObservation(changes: Partial<RoutingObservation> = {}): RoutingObservation {
  return {
    routing: aRouting({
      scope: 'production/web' as Scope,
      port: 8080,
      pools: [aPool(stablePool, 50, [1]), aPool(candidatePool, 50, [2])],
      lease: aLease(candidatePool),
    }),
    token: stepToken,
    weights: { [stablePool]: 50, [candidatePool]: 50 },
    inFlight: { [stablePool]: 0, [candidatePool]: 0 },
    oldestWaitingMs: { [stablePool]: 0, [candidatePool]: 0 },
    ejected: {},
    answered: { [stablePool]: { [instance]: 100 }, [candidatePool]: { [instance]: 100 } },
    admission: null,
    leaseRemainingMs: 9_000,
    fallback: null,
    firstFailures: {},
    inForceSinceNs: '1',
    ...changes,
  };
}

/** Enough good requests, held for long enough. */
export function someEvidence({
  samples = [aSample()],
  ...changes
}: Partial<TrafficEvidence> & {
  readonly samples?: readonly TrafficSample[];
} = {}): TrafficEvidence {
  return {
    candidate: candidatePool,
    weight: 50,
    token: stepToken,
    revertToken,
    observation: anObservation(),
    traffic: observeCandidate(noTraffic, samples),
    compared: null,
    heldMs: 10_000,
    ...changes,
  };
}

/** The verdict with its words and figures. */
export function toldJudgement(limits: TrafficLimits, evidence: TrafficEvidence): Judgement {
  return judgeTraffic(limits, evidence).tell();
}
