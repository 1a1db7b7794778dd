/**
 * Where a request whose attempt failed is asked again: once at the stable pool, which has room for all
 * of the candidate's, and once more in the pool that it is at, as far as the budget goes.
 */
import type { FencingToken } from '../core/model/fencing-token.ts';
import { isEjected } from '../core/routing/instance-health.ts';
import type { Attempt } from './attempt.ts';
import type { Endpoint, LivePool } from './live-pool.ts';
import type { ScopeTraffic } from './scope-traffic.ts';

export class Retries {
  /** Whose request the stable pool has taken over. */
  rescuedFrom: { readonly pool: LivePool; readonly token: FencingToken } | null = null;
  /** Endpoints that are passed over. */
  tried: Endpoint[] | null = null;
  private wasRepeated = false;
  private readonly traffic: Pick<ScopeTraffic, 'stablePool' | 'retryBudget'>;
  private readonly isSafe: boolean;

  constructor(traffic: Pick<ScopeTraffic, 'stablePool' | 'retryBudget'>, isSafe: boolean) {
    this.traffic = traffic;
    this.isSafe = isSafe;
  }

  /** Whether the stable pool would still take the request over, should its attempt fail. */
  mayRescue(pool: LivePool): boolean {
    return this.isSafe && this.elsewhere(pool) !== null;
  }

  /** Takes the next try of a request that is safe to repeat: the pool to ask, or null. */
  afterFailure(attempt: Attempt, failure: 'reset' | 'other'): LivePool | null {
    if (!this.isSafe) return null;
    return this.afterNothingSent(attempt) ?? this.repeat(attempt, failure);
  }

  /** The same for any request of which not a byte was sent, or whose pool has no endpoint left. */
  afterNothingSent(from: {
    readonly pool: LivePool;
    readonly token: FencingToken;
  }): LivePool | null {
    const stable = this.elsewhere(from.pool);
    if (stable === null) return null;
    this.rescuedFrom = { pool: from.pool, token: from.token };
    this.tried = null;
    return stable;
  }

  passOver(endpoint: Endpoint): void {
    this.tried = [...(this.tried ?? []), endpoint];
  }

  private elsewhere(pool: LivePool): LivePool | null {
    const { stablePool } = this.traffic;
    return this.rescuedFrom === null && stablePool !== pool ? stablePool : null;
  }

  /** At another endpoint if there is one. */
  private repeat({ pool, endpoint }: Attempt, failure: 'reset' | 'other'): LivePool | null {
    // What an ejected instance made of its trial, or of its last request, is no answer for a client.
    if (this.wasRepeated || (failure === 'other' && !isEjected(endpoint.health))) return null;
    if (!this.traffic.retryBudget.take()) return null;
    this.wasRepeated = true;
    if (pool.endpoints.length > 1) this.passOver(endpoint);
    else this.tried = null;
    return pool;
  }
}
