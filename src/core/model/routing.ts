import type { FencingToken } from './fencing-token.ts';
import type { RequestLimits } from './request-limits.ts';
import type { MirrorRules } from '../mirror/mirror-rules.ts';
import type { InstanceId, PoolId, Scope } from './ids.ts';

/** A pool as the balancer sees it. */
export interface RoutedPool {
  readonly pool: PoolId;
  readonly version: string;
  readonly endpoints: readonly {
    readonly instance: InstanceId;
    readonly host: string;
    readonly port: number;
  }[];
  /** Share of new requests in percent; the weights of a routing add up to 100. */
  readonly weight: number;
}

/**
 * What the data plane counts on its own, while it holds a lease. Reaching any count takes the
 * candidate's traffic away at once, without asking anybody. Counted per deployment, over all splits.
 */
export interface TripCounts {
  readonly connectErrors: number;
  /** Answers with status 500 to 599. */
  readonly serverErrors: number;
  /** Requests without a response head after the routing's `requestTimeoutMs`. */
  readonly timeouts: number;
}

export interface TripRules extends TripCounts {
  /**
   * The traffic is taken away, too, when more of the candidate's requests than of the stable pool's wait
   * longer than this for a response head; missing when they only time out.
   */
  readonly hangAfterMs?: number;
}

/**
 * When the candidate failed first under its deployment, by rule, on the monotonic clock: when the answer
 * came, or the connection failed; for a time-out or a hang when its request began to wait.
 */
export type FirstFailures = Readonly<Partial<Record<keyof TripCounts | 'hangs', string>>>;

/** All requests that bring the same value get the same pool, as long as its weight does not fall. */
export interface Assignment {
  readonly by: 'cookie' | 'header';
  readonly name: string;
}

/** Until when a candidate's weight is valid: the dead-man's switch of a deployment. */
export interface Lease {
  /** The pool whose weight depends on the lease. */
  readonly candidate: PoolId;
  readonly ttlMs: number;
  readonly trip: TripRules;
  /**
   * The pool of the stable release that its requests' waits are held against: one as fresh as the candidate;
   * missing when it is the stable pool.
   */
  readonly against?: PoolId;
  /** Copies of requests go to the candidate as well; missing when none do. They end with the lease. */
  readonly mirror?: MirrorRules;
  /** By what clients stay with a pool; missing when each request has its turn. */
  readonly assignment?: Assignment;
  /**
   * Safe requests that the candidate must have answered well before it gets others; missing when it
   * gets its share of all at once.
   */
  readonly safeFirst?: number;
  /**
   * Up to so many percent of the candidate's safe requests go to the stable pool as well when they wait
   * for longer than that takes; the first good answer is the client's. Missing when none do.
   */
  readonly hedgePercent?: number;
  /** The header that names a client whose failures are one; missing when its trace or connection does. */
  readonly callerHeader?: string;
}

/** The whole routing of one service: what `apply` puts in force. */
export interface Routing {
  readonly scope: Scope;
  readonly listen: { readonly host: string; readonly port: number };
  readonly pools: readonly RoutedPool[];
  /** Takes all traffic when the lease ends or trips. Null only while nothing was ever deployed. */
  readonly stable: PoolId | null;
  /** Null when no weight depends on a living controller. */
  readonly lease: Lease | null;
  /** How long a request may wait for a response head before it counts as timed out. */
  readonly requestTimeoutMs: number;
  /** Those of `defaultLimits` when they are missing. */
  readonly limits?: RequestLimits;
}

/** Why the data plane itself moved all traffic back to the stable pool. */
export type Fallback =
  | { readonly cause: 'lease-lapsed'; readonly decidedAtNs: string; readonly zeroAtNs: string }
  | {
      readonly cause: 'tripped';
      readonly rule: keyof TripCounts;
      readonly observed: number;
      readonly limit: number;
      /** System-wide monotonic clock in nanoseconds, as decimal text. */
      readonly decidedAtNs: string;
      readonly zeroAtNs: string;
    }
  | HangFallback;

export interface HangFallback {
  readonly cause: 'tripped';
  readonly rule: 'hangs';
  /** Requests without an answer after `afterMs`, of those `sent`; from `limit` on they are too many. */
  readonly observed: number;
  readonly limit: number;
  readonly sent: number;
  readonly afterMs: number;
  readonly decidedAtNs: string;
  readonly zeroAtNs: string;
}

export interface AdmissionObservation {
  readonly isAdmitted: boolean;
  readonly needed: number;
  readonly cleanAnswers: number;
  /** Requests that were its share and went to the stable pool. */
  readonly withheld: number;
  /** Whether it has been sent one that changes something: 0 or 1. */
  readonly unsafeSent: number;
  /** When it had earned those, on the system-wide monotonic clock; missing until then. */
  readonly admittedAtNs?: string;
}

/** What the balancer says is in force, read at this moment. */
export interface RoutingObservation {
  readonly routing: Routing;
  readonly token: FencingToken;
  /** Effective weights, after lease and trips; pools that only drain are listed with weight 0. */
  readonly weights: Readonly<Record<PoolId, number>>;
  /** Requests and streams that a pool still carries. */
  readonly inFlight: Readonly<Record<PoolId, number>>;
  /** Age in ms of the oldest request of a pool that has no response head yet; 0 when none waits. */
  readonly oldestWaitingMs: Readonly<Record<PoolId, number>>;
  /** Instances that get no requests for a while, by pool; pools without such are not listed. */
  readonly ejected: Readonly<Record<PoolId, readonly InstanceId[]>>;
  /** How many requests of the split in force each instance has answered, by pool. */
  readonly answered: Readonly<Record<PoolId, Readonly<Record<InstanceId, number>>>>;
  /** How far the candidate is on the way to requests that change something; null when it gets all. */
  readonly admission: AdmissionObservation | null;
  readonly leaseRemainingMs: number | null;
  readonly fallback: Fallback | null;
  /** Also after its traffic was taken away, until another deployment begins. */
  readonly firstFailures: FirstFailures;
  /** When the routing came into force, on the system-wide monotonic clock. */
  readonly inForceSinceNs: string;
  /** Its address is not open, and no client can connect. Missing while it is. */
  readonly isUnserved?: true;
}
