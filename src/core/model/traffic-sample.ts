import type { SparseHistogram } from './histogram.ts';
import type { FencingToken } from './fencing-token.ts';
import type { PoolId } from './ids.ts';

/**
 * What one pool did in one second under one routing, with the requests that were drawn for it. Of each only
 * the first attempt counts: whether there is another, and where, depends on its outcome. A bucket of the
 * running second is reported too and is replaced by its next report: (epoch, second, pool, token) is the key.
 */
export interface TrafficSample {
  /** Changes when the balancer's counters start anew. */
  readonly epoch: string;
  /** Second of the balancer's clock. */
  readonly second: number;
  readonly pool: PoolId;
  /** The routing under which the requests were sent to the pool. */
  readonly token: FencingToken;
  /** Of those, what was answered, failed or timed out; the exposure of a candidate. */
  readonly requests: number;
  readonly serverErrors: number;
  readonly connectErrors: number;
  readonly timeouts: number;
  /** Connections that broke before the answer was whole. */
  readonly resets: number;
  /**
   * Callers that met a failure, at the pool where they met it first; each once in ten seconds over all
   * pools, for whoever tries again is one. By the trace that a request belongs to, or its connection.
   */
  readonly failedCallers: number;
  /**
   * Of those two, what the pool's first instance did: a fixed part of it, by which is measured how
   * clumped failures are. 0 where instances are not told apart.
   */
  readonly slice: { readonly requests: number; readonly failedCallers: number };
  /** Requests taken over by the stable pool, so that the client saw no failure. */
  readonly rescued: number;
  /**
   * Failures that reached a client: 5xx passed on, 502, 504, broken answers. Also of requests that this pool
   * had taken over.
   */
  readonly clientErrors: number;
  /** Of those, requests with a method that is safe to repeat. */
  readonly idempotentClientErrors: number;
  /** Time to the response head in microseconds. Long-lived upgrades are not in it. */
  readonly latency: SparseHistogram;
  /** Of those, the times of answers with a status from 500 on. */
  readonly failureLatency: SparseHistogram;
  /** Requests whose client left before the response head; in no other figure. */
  readonly abandoned: number;
  /** How long those had waited for this pool, in microseconds; 0 when it waited for its client. */
  readonly abandonedWaits: SparseHistogram;
}
