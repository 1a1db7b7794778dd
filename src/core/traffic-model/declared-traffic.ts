/** What a service's traffic is like while nothing is wrong: all that a model of it is made from. */
import type { SparseHistogram } from '../model/histogram.ts';

export interface DeclaredTraffic {
  /** All requests, whichever release answers them. */
  readonly requestsPerSecond: number;
  /** Share of failed requests, from 0 to 1, that is usual. */
  readonly errorRate: number;
  /** Time to the response head. */
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  /** How it is spread, as it was counted; missing where no more is known than those two. */
  readonly counted?: SparseHistogram;
}
