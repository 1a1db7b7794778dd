import type { MirrorReport } from '../mirror/mirror-report.ts';
import type { TrafficSample } from './traffic-sample.ts';

/** What a balancer still knows of a service's traffic. */
export interface TrafficReport {
  /** From this second of the balancer's clock on nothing is missing; 0 when it never routed the service. */
  readonly sinceSecond: number;
  readonly samples: readonly TrafficSample[];
  /**
   * Requests that were refused or cut for what their clients did, by status, since the counters began
   * anew: no pool's, and in none of the samples. Missing where the balancer does not tell.
   */
  readonly refused?: Readonly<Record<string, number>>;
  /**
   * Failed requests that were not asked once more in the same pool, since too few are answered at all;
   * since the counters began anew. Missing where the balancer does not tell.
   */
  readonly retriesWithheld?: number;
  /** What became of hedges under the deployment so far; missing without any. */
  readonly hedges?: HedgeReport;
  /** What the mirror of the routing in force has found so far; missing without one. */
  readonly mirror?: MirrorReport;
}

export interface HedgeReport {
  /** Requests of the candidate that went to the stable pool as well. */
  readonly sent: number;
  /** Of those, the ones whose answer was the stable pool's. */
  readonly won: number;
  /** Late requests that were left alone, since the share was used up. */
  readonly withheld: number;
}
