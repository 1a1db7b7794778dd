/** What a deployment cost and how it went, computed once at its end from the balancer's samples. */
import type { Cause } from './deployment-state.ts';
import { failuresOf } from '../gates/candidate-traffic.ts';
import type { PoolId } from '../model/ids.ts';
import type { TrafficReport } from '../model/traffic-report.ts';
import type { TrafficSample } from '../model/traffic-sample.ts';

export interface Exposure {
  /** Requests that were sent to the candidate while its weight depended on a lease. */
  readonly requests: number;
  /** Of those, requests that it failed, whether or not a client saw it. */
  readonly failures: number;
  /** Failures of the whole service that clients saw while the deployment ran. */
  readonly clientErrors: number;
  readonly idempotentClientErrors: number;
  /** Candidate failures that the stable pool answered in its place. */
  readonly rescued: number;
  /**
   * Seconds of the service's error budget: for each second, the share of its requests whose client
   * saw a failure, summed. A second of total outage costs one.
   */
  readonly budgetSeconds: number;
  /** False when the balancer did not keep all of the time, or was not reached: then it was more. */
  readonly isWhole: boolean;
}

export interface DeploymentSummary {
  readonly outcome: 'promoted' | 'reverted' | 'held';
  readonly cause: Cause | null;
  readonly exposure: Exposure;
  /** From the decision to take the candidate's traffic away until the balancer had done so; null when nothing was taken away, or when that is not known. */
  readonly decisionToZeroMs: number | null;
  readonly totalMs: number;
}

/** Each bucket at most once in `report`; null when the balancer was not reached. */
export function exposureOf(
  report: TrafficReport | null,
  of: {
    readonly candidate: PoolId;
    readonly deployment: number;
    /** When the deployment began, on the balancer's clock. */
    readonly sinceSecond: number;
    /** As the deployment's state has them. */
    readonly leasedSequences: readonly number[];
  },
): Exposure {
  const ours = (report?.samples ?? []).filter(
    (sample) => sample.token.deployment === of.deployment,
  );
  const candidates = ours.filter(
    (sample) => sample.pool === of.candidate && of.leasedSequences.includes(sample.token.sequence),
  );
  return {
    requests: sum(candidates, (sample) => sample.requests + sample.abandoned),
    failures: sum(candidates, failuresOf),
    clientErrors: sum(ours, (sample) => sample.clientErrors),
    idempotentClientErrors: sum(ours, (sample) => sample.idempotentClientErrors),
    rescued: sum(candidates, (sample) => sample.rescued),
    budgetSeconds: budgetSecondsOf(ours),
    isWhole: report !== null && report.sinceSecond <= of.sinceSecond,
  };
}

/** Of several services together; what each lost of its own budget is added up. */
export function totalExposure([first, ...others]: readonly [Exposure, ...Exposure[]]): Exposure {
  return others.reduce(
    (total, of) => ({
      requests: total.requests + of.requests,
      failures: total.failures + of.failures,
      clientErrors: total.clientErrors + of.clientErrors,
      idempotentClientErrors: total.idempotentClientErrors + of.idempotentClientErrors,
      rescued: total.rescued + of.rescued,
      budgetSeconds: Math.round((total.budgetSeconds + of.budgetSeconds) * 1000) / 1000,
      isWhole: total.isWhole && of.isWhole,
    }),
    first,
  );
}

function budgetSecondsOf(samples: readonly TrafficSample[]): number {
  const seconds = new Map<number, { requests: number; errors: number }>();
  for (const sample of samples) {
    const second = seconds.get(sample.second) ?? { requests: 0, errors: 0 };
    second.requests += sample.requests;
    second.errors += sample.clientErrors;
    seconds.set(sample.second, second);
  }
  let budget = 0;
  for (const { requests, errors } of seconds.values()) {
    // A failure counted in a second without a finished request still cost that second in part.
    if (errors > 0) budget += Math.min(1, errors / Math.max(requests, errors));
  }
  return Math.round(budget * 1000) / 1000;
}

function sum(samples: readonly TrafficSample[], of: (sample: TrafficSample) => number): number {
  return samples.reduce((total, sample) => total + of(sample), 0);
}
