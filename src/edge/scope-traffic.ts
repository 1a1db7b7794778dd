/**
 * The traffic of one service: which pool gets the next request, what became of the ones before, and
 * the edge's own decision to take a candidate's weight away. All of it in memory and in one tick.
 */
import type { FencingToken } from '../core/model/fencing-token.ts';
import type { PoolId } from '../core/model/ids.ts';
import { countIn } from '../core/model/histogram.ts';
import { secondOf } from '../core/model/second-of.ts';
import { defaultLimits, type RequestLimits } from '../core/model/request-limits.ts';
import type { Assignment, Lease } from '../core/model/routing.ts';
import type { TrafficReport } from '../core/model/traffic-report.ts';
import type { PoolLoad } from '../core/routing/routing-observation.ts';
import {
  countFailure,
  effectiveWeightOf,
  isLeaseAlive,
  lapseWhenDue,
  type RoutingState,
} from '../core/routing/routing-state.ts';
import { withAnswer } from '../core/routing/answers-of-instance.ts';
import { countAdmission, isAdmitted, type AdmissionCount } from '../core/routing/admission.ts';
import { HEALTHY } from '../core/routing/instance-health.ts';
import { slotAtPoint } from '../core/routing/slot-at-point.ts';
import { stickyPointOf } from '../core/routing/sticky-point.ts';
import type { Clock } from '../platform/clock.ts';
import type { Attempt } from './attempt.ts';
import type { AnswerFlusher } from './answer-flusher.ts';
import { releaseDue } from './held-answer.ts';
import { createFailingCallers } from './failing-callers.ts';
import {
  closePool,
  createLivePool,
  failEndpoint,
  setEndpoints,
  type LivePool,
} from './live-pool.ts';
import { watchedUnder } from '../core/routing/watched-pools.ts';
import { HangWatch } from './hang-watch.ts';
import { hedgingUnder, type Hedging } from './hedging.ts';
import { leasedPair } from './leased-pair.ts';
import { Mirror } from './mirror.ts';
import { loadOf } from './load-of.ts';
import { RetryBudget } from './retry-budget.ts';
import { endLate, endOverdue, withdrawWaiting } from './end-overdue.ts';
import {
  createTrafficRecorder,
  type CountingSince,
  type TrafficBucket,
  type TrafficRecorder,
} from './traffic-recorder.ts';

const NO_TOKEN: FencingToken = { deployment: 0, sequence: 0 };
const NS_PER_MS = 1_000_000n;
/** A tick that comes later than this says that the process stood still: stopped, or starved. */
const STANDSTILL_NS = 500n * NS_PER_MS;
/** Bodies are looked at less often than waits. */
const OVERDUE_EVERY_NS = 200n * NS_PER_MS;

export class ScopeTraffic {
  readonly clock: Clock;
  readonly flusher: AnswerFlusher;
  readonly retryBudget = new RetryBudget();
  /** What copies requests to the candidate, while a lease says so. */
  mirror: Mirror | null = null;
  /** What counts the requests that wait for the candidate, while a lease says so. */
  hangs: HangWatch | null = null;
  /** What asks the stable pool for late requests as well, while a lease says so. */
  hedging: Hedging | null = null;
  private readonly epoch: string;
  private readonly recorder: TrafficRecorder;
  private readonly onFallback: () => void;
  private readonly failingCallers = createFailingCallers();
  private readonly pools = new Map<PoolId, LivePool>();
  /** Stands in the samples for requests that found no pool at all. */
  private readonly noPool = createLivePool('none' as PoolId, 0n);
  private readonly refused = new Map<number, number>();
  private slots: readonly LivePool[] = [];
  private current: RoutingState | null = null;
  private timeoutNs = 0n;
  private tickedNs: bigint;
  private overdueNs = 0n;

  /** `onFallback` is told after the edge has taken the candidate's weight away. */
  constructor(options: {
    clock: Clock;
    counting: CountingSince;
    flusher: AnswerFlusher;
    onFallback: () => void;
  }) {
    this.clock = options.clock;
    this.tickedNs = options.clock.monotonicNs();
    this.flusher = options.flusher;
    this.epoch = options.counting.epoch;
    this.recorder = createTrafficRecorder(options.counting);
    this.onFallback = options.onFallback;
  }

  get state(): RoutingState | null {
    return this.current;
  }

  get limits(): RequestLimits {
    return this.current?.routing.limits ?? defaultLimits;
  }

  get token(): FencingToken {
    return this.current?.token ?? NO_TOKEN;
  }

  get stablePool(): LivePool | null {
    const stable = this.current?.routing.stable ?? null;
    return stable === null ? null : (this.pools.get(stable) ?? null);
  }

  /** Puts a routing in force: the next request already follows it. */
  enter(state: RoutingState): void {
    this.current = state;
    this.timeoutNs = BigInt(state.routing.requestTimeoutMs) * NS_PER_MS;
    for (const routed of state.routing.pools) {
      const pool =
        this.pools.get(routed.pool) ?? createLivePool(routed.pool, this.clock.monotonicNs());
      this.pools.set(routed.pool, pool);
      setEndpoints(pool, routed.endpoints);
    }
    this.slots = state.routing.pools.flatMap((routed) => this.pools.get(routed.pool) ?? []);
    this.weigh();
    this.endMirror();
    this.mirror = this.mirrorOf(state);
    this.hangs = this.hangWatchOf(state);
    this.hedging = hedgingUnder(state, this.pools, this.hedging);
  }

  /** Same routing, other lease time: nothing of the traffic changes. */
  renew(state: RoutingState): void {
    this.current = state;
  }

  /** The pool that is drawn, or that of the client with this key. */
  choose(nowNs: bigint, key: string | null, isSafe: boolean): LivePool | null {
    // Not left to the tick: a loop that was blocked must not send on an ended lease.
    this.lapse(nowNs);
    const point = key === null ? 100 * Math.random() : stickyPointOf(key, this.token.deployment);
    const pool = slotAtPoint(this.slots, this.stablePool, point);
    return isSafe || pool === null ? pool : this.poolForUnsafe(pool, nowNs);
  }

  /** The stable pool stands in for a candidate that has yet to earn such requests. */
  private poolForUnsafe(pool: LivePool, nowNs: bigint): LivePool {
    const { current, stablePool, token } = this;
    if (current === null || stablePool === null || isAdmitted(current, pool.id)) {
      this.countAdmission({ pool, token }, 'unsafeSent', nowNs);
      return pool;
    }
    this.countAdmission({ pool, token }, 'withheld', nowNs);
    return stablePool;
  }

  private countAdmission(
    { pool, token: { deployment } }: Pick<Attempt, 'pool' | 'token'>,
    what: AdmissionCount,
    nowNs: bigint,
  ): void {
    if (this.current?.routing.lease?.safeFirst === undefined) return;
    this.current = countAdmission(this.current, { pool: pool.id, deployment, what, nowNs });
  }

  /** By what clients stay with their release; null when they do not. */
  get assignment(): Assignment | null {
    return this.lease?.assignment ?? null;
  }

  get lease(): Lease | null {
    return this.current?.routing.lease ?? null;
  }

  lapse(nowNs: bigint): void {
    const { current } = this;
    if (current !== null) this.follow(lapseWhenDue(current, nowNs));
  }

  /** Ends leases and late requests, and forgets pools that have drained. */
  tick(nowNs: bigint): void {
    this.lapse(nowNs);
    // Answers that came while nobody read are found before the next tick, and are not late.
    const hasStoodStill = nowNs - this.tickedNs > STANDSTILL_NS;
    this.tickedNs = nowNs;
    this.failingCallers.forget(nowNs);
    if (!hasStoodStill) {
      this.mirror?.tick(nowNs);
      this.hedging?.tick(nowNs);
    }
    if (this.current !== null && this.hangs !== null) {
      this.follow(this.hangs.tick(this.current, nowNs));
    }
    const isOverdueDue = !hasStoodStill && nowNs - this.overdueNs >= OVERDUE_EVERY_NS;
    if (isOverdueDue) this.overdueNs = nowNs;
    for (const pool of this.pools.values()) {
      pool.tickedNs = nowNs;
      releaseDue(pool, nowNs);
      if (!hasStoodStill) endLate(pool, nowNs, this.timeoutNs);
      if (isOverdueDue) endOverdue(pool, nowNs, this.limits);
      if (pool.inFlight === 0 && !this.slots.includes(pool)) {
        this.pools.delete(pool.id);
        closePool(pool);
      }
    }
  }

  loads(nowNs: bigint): readonly PoolLoad[] {
    return [...this.pools.values()].map((pool) => loadOf(pool, this.token, nowNs));
  }

  report(fromSecond: number): TrafficReport {
    const counted = this.recorder.report(fromSecond, secondOf(this.clock.monotonicNs()));
    const refused = Object.fromEntries(this.refused);
    return {
      ...counted,
      refused,
      retriesWithheld: this.retryBudget.withheld,
      ...(this.hedging && { hedges: this.hedging.report() }),
      ...(this.mirror && { mirror: this.mirror.report() }),
    };
  }

  recordAnswer(attempt: Attempt, statusCode: number): void {
    const nowNs = this.clock.monotonicNs();
    attempt.endpoint.answers = withAnswer(attempt.endpoint.answers, attempt.token);
    if (attempt.isSample) this.countAnswer(attempt, statusCode, nowNs);
    if (statusCode < 500) {
      this.retryBudget.answered();
      if (attempt.owner.isSafe) this.countAdmission(attempt, 'cleanAnswers', nowNs);
      return;
    }
    this.count(attempt, 'serverErrors', nowNs);
  }

  private countAnswer(attempt: Attempt, statusCode: number, nowNs: bigint): void {
    const bucket = this.bucket(attempt.pool, attempt.token, nowNs);
    countRequest(bucket, attempt);
    const durationUs = Number(nowNs - attempt.waitingSinceNs) / 1e3;
    countIn(bucket.latency, durationUs);
    if (statusCode < 500) return;
    bucket.serverErrors += 1;
    countIn(bucket.failureLatency, durationUs);
    this.countCaller(bucket, attempt, nowNs);
  }

  recordFailure(attempt: Attempt, kind: 'connectErrors' | 'timeouts' | 'resets'): void {
    if (attempt.isSample) {
      countRequest(this.bucket(attempt.pool, attempt.token, this.clock.monotonicNs()), attempt);
    }
    this.recordBroken(attempt, kind);
  }

  /** An answer whose head was counted broke or did not go on: as bad as one that never began. */
  recordBroken(attempt: Attempt, kind: 'connectErrors' | 'timeouts' | 'resets'): void {
    const nowNs = this.clock.monotonicNs();
    if (attempt.isSample) {
      const bucket = this.bucket(attempt.pool, attempt.token, nowNs);
      bucket[kind] += 1;
      this.countCaller(bucket, attempt, nowNs);
    }
    // A connection that breaks before any answer is as bad as one that never came about.
    this.count(attempt, kind === 'timeouts' ? 'timeouts' : 'connectErrors', nowNs);
  }

  /**
   * A request whose client left before an answer. It is neither good nor bad by itself: whoever judges
   * the pool says from which wait on the client left because of the pool.
   */
  recordAbandoned(attempt: Attempt, waitedFor: 'pool' | 'client'): void {
    if (!attempt.isSample) return;
    const nowNs = this.clock.monotonicNs();
    const bucket = this.bucket(attempt.pool, attempt.token, nowNs);
    const waitedNs = waitedFor === 'pool' ? nowNs - attempt.waitingSinceNs : 0n;
    bucket.abandoned += 1;
    countIn(bucket.abandonedWaits, Number(waitedNs) / 1e3);
    this.hangs?.left(attempt, waitedNs);
  }

  /** A request that was refused for what its client did. */
  recordRefusal(statusCode: number): void {
    this.refused.set(statusCode, (this.refused.get(statusCode) ?? 0) + 1);
  }

  recordRescue(pool: LivePool, token: FencingToken): void {
    this.bucket(pool, token, this.clock.monotonicNs()).rescued += 1;
  }

  recordClientError(pool: LivePool, token: FencingToken, isSafe: boolean): void {
    const bucket = this.bucket(pool, token, this.clock.monotonicNs());
    bucket.clientErrors += 1;
    if (isSafe) bucket.idempotentClientErrors += 1;
  }

  /** A request for which there was no endpoint to ask. */
  recordNoCapacity(isSafe: boolean): void {
    const pool = this.stablePool ?? this.noPool;
    this.bucket(pool, this.token, this.clock.monotonicNs()).requests += 1;
    this.recordClientError(pool, this.token, isSafe);
  }

  close(): void {
    this.endMirror();
    for (const pool of this.pools.values()) closePool(pool);
    this.pools.clear();
    this.slots = [];
  }

  private countCaller(bucket: TrafficBucket, attempt: Attempt, nowNs: bigint): void {
    if (!this.failingCallers.isFirst(attempt.owner.caller(), nowNs)) return;
    bucket.failedCallers += 1;
    if (attempt.isOfSlice) bucket.slice.failedCallers += 1;
  }

  /** An answer came whole: whatever its instance has failed before, it is back. */
  recordComplete({ endpoint }: Attempt): void {
    endpoint.health = HEALTHY;
  }

  private count(attempt: Attempt, rule: 'connectErrors' | 'serverErrors' | 'timeouts', at: bigint) {
    if (this.current === null) return;
    const stable = this.stablePool;
    const mayEmpty = stable !== null && stable !== attempt.pool;
    failEndpoint(attempt.pool, attempt.endpoint, { mayEmpty, nowNs: at });
    const failed = {
      ...{ pool: attempt.pool.id, deployment: attempt.token.deployment, rule },
      ...(rule === 'timeouts' && { sinceNs: attempt.waitingSinceNs }),
    };
    this.follow(countFailure(this.current, failed, at));
  }

  /** Takes over a state that time or failures made; a new fallback acts before it is told. */
  private follow(next: RoutingState): void {
    if (next === this.current) return;
    const { fallback } = next;
    const isNew = fallback !== null && this.current?.fallback === null;
    this.current = next;
    if (!isNew) return;
    this.endMirror();
    this.hangs = null;
    for (const slot of this.slots) slot.weight = effectiveWeightOf(next, slot.id);
    const zeroAtNs = String(this.clock.monotonicNs());
    this.current = { ...next, fallback: { ...fallback, zeroAtNs } };
    this.weigh();
    this.onFallback();
  }

  private endMirror(): void {
    this.mirror?.close();
    this.mirror = null;
  }

  private mirrorOf(state: RoutingState): Mirror | null {
    const pair = leasedPair(state, this.pools);
    if (!pair?.lease.mirror || !isLeaseAlive(state)) return null;
    return new Mirror({
      ...pair,
      rules: pair.lease.mirror,
      epoch: this.epoch,
      token: state.token,
      timeoutNs: this.timeoutNs,
      nowNs: () => this.clock.monotonicNs(),
    });
  }

  private hangWatchOf(state: RoutingState): HangWatch | null {
    const watched = watchedUnder(state);
    if (watched === null || this.hangs?.goesOnAs(watched)) return watched && this.hangs;
    const before = this.recorder.waits(watched.stable, watched.afterMs * 1_000);
    return new HangWatch(watched, this.pools, before, this.clock.monotonicNs());
  }

  private weigh(): void {
    const state = this.current;
    if (state === null) return;
    for (const pool of this.pools.values()) {
      pool.weight = effectiveWeightOf(state, pool.id);
    }
    const stable = this.stablePool;
    if (stable === null) return;
    stable.isProven = true;
    for (const pool of this.pools.values()) {
      if (pool.weight === 0 && !pool.isProven) withdrawWaiting(pool);
    }
  }

  private bucket(pool: LivePool, token: FencingToken, nowNs: bigint): TrafficBucket {
    const second = secondOf(nowNs);
    const known = pool.bucket;
    if (known?.second === second && known.token === token) return known;
    pool.bucket = this.recorder.bucket(second, pool.id, token);
    return pool.bucket;
  }
}

function countRequest(bucket: TrafficBucket, attempt: Attempt): void {
  bucket.requests += 1;
  if (attempt.isOfSlice) bucket.slice.requests += 1;
}
