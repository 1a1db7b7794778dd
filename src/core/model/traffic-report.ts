import type { MirrorReport } from '../mirror/mirror-report.ts';
import type { TrafficSample } from './traffic-sample.ts';

/** What a balancer still knows of a service's traffic. */
export interface TrafficReport {
  /** From this second of the balancer's clock on nothing is missing; 0 when it never routed the service. */
  readonly sinceSecond: number;
  readonly samples: readonly TrafficSample[];
  /** What the mirror of the routing in force has found so far; missing without one. */
  readonly mirror?: MirrorReport;
}
