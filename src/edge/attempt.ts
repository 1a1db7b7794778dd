/**
 * One try to get an answer from one endpoint: the handler that undici calls. A class because undici
 * wants methods, and a prototype's methods cost no closures per request.
 */
import type { Duplex } from 'node:stream';
import type { FencingToken } from '../core/model/fencing-token.ts';
import type { Endpoint, LivePool } from './live-pool.ts';
import { appendWaiting, removeWaiting, type WaitingList } from './waiting-list.ts';

/** How an attempt failed before a response head: nothing was sent, or the answer never came. */
export type AttemptFailure = 'not-connected' | 'not-sendable' | 'reset';

export interface AttemptOwner {
  /** Safe to repeat. */
  readonly isSafe: boolean;
  connected(attempt: Attempt): void;
  informed(statusCode: number, rawHeaders: readonly Buffer[]): void;
  /** The attempt waits no longer. Returns false to pause the body. */
  answered(
    attempt: Attempt,
    statusCode: number,
    rawHeaders: readonly Buffer[],
    statusText: string,
  ): boolean;
  received(chunk: Buffer): boolean;
  completed(attempt: Attempt, rawTrailers: readonly Buffer[] | null): void;
  /** The 101 came; the attempt stays in flight until the owner ends it. */
  upgraded(attempt: Attempt, rawHeaders: readonly Buffer[], socket: Duplex): void;
  failed(attempt: Attempt, failure: AttemptFailure): void;
  /** The answer broke after its head. */
  broken(attempt: Attempt): void;
  late(attempt: Attempt): void;
  /** The client sends no more of its request's body, or has taken too long for all of it. */
  stalled(attempt: Attempt): void;
  /** The answer does not go on, or takes too long. */
  overran(attempt: Attempt): void;
  /** Whether it is the client that is waited for: it has yet to send what the pool would take. */
  isBodyAwaited(): boolean;
  readonly startedNs: bigint;
  /** The answer has no end of its own, and may be silent. */
  readonly isStream: boolean;
  /** It waits for longer than the stable pool takes. Whether that is asked as well. */
  hedge(attempt: Attempt): boolean;
  /** The pool lost its weight: a waiting request that is safe to repeat goes elsewhere. */
  withdrawn(attempt: Attempt): void;
  /** Who asks, the same over all requests of one call. */
  caller(): unknown;
  /** Reads the clock; when a request with a body begins to wait is when its last byte was sent. */
  nowNs(): bigint;
}

/** Why an attempt was ended by the edge itself; never reaches a client. */
class AttemptEnded extends Error {
  override readonly name = 'AttemptEnded';
}

export class Attempt {
  owner: AttemptOwner;
  readonly pool: LivePool;
  readonly endpoint: Endpoint;
  readonly token: FencingToken;
  /**
   * What becomes of it is counted: it is the first of its request, at the pool that was drawn. Whether there
   * is another depends on the outcome of that.
   */
  isSample = true;
  waitingSinceNs: bigint;
  /** After so long it is late beside the stable pool; null when nobody asks. */
  lateAfterNs: bigint | null = null;
  /** When its answer went on last, by the tick. */
  activeNs = 0n;
  previous: Attempt | null = null;
  next: Attempt | null = null;
  /** In flight: counted at its pool and endpoint, its events are heard. */
  isLive = true;
  isWaiting = true;
  /** Among those by which its endpoint is less likely to get the next one. */
  private isOutstanding = true;
  private list: WaitingList<Attempt> | null = null;
  private abortRequest: ((reason?: Error) => void) | null = null;
  private resumeBody: (() => void) | null = null;

  constructor(
    owner: AttemptOwner,
    pool: LivePool,
    endpoint: Endpoint,
    token: FencingToken,
    nowNs: bigint,
  ) {
    this.owner = owner;
    this.pool = pool;
    this.endpoint = endpoint;
    this.token = token;
    this.waitingSinceNs = nowNs;
    pool.inFlight += 1;
    endpoint.outstanding += 1;
    this.moveTo(pool.waiting);
  }

  /** At its pool's first instance. */
  get isOfSlice(): boolean {
    return this.pool.endpoints[0] === this.endpoint;
  }

  /** Ends the attempt without telling its owner; aborts what is still under way. */
  end(): void {
    if (!this.isLive) return;
    this.release();
    this.abortRequest?.(new AttemptEnded());
  }

  resume(): void {
    this.activeNs = this.pool.tickedNs;
    this.resumeBody?.();
  }

  /** A byte of the request body went out: the wait for an answer begins anew. */
  keepWaiting(nowNs: bigint): void {
    if (!this.isWaiting) return;
    this.waitingSinceNs = nowNs;
    this.moveTo(this.pool.waiting);
  }

  /** Its client has to send more first: until then no answer can be late. */
  waitForClient(): void {
    this.moveTo(this.pool.flowing);
  }

  onConnect(abort: (reason?: Error) => void): void {
    if (!this.isLive) {
      abort(new AttemptEnded());
      return;
    }
    this.abortRequest = abort;
    this.owner.connected(this);
  }

  onHeaders(
    statusCode: number,
    rawHeaders: readonly Buffer[],
    resume: () => void,
    statusText: string,
  ): boolean {
    if (!this.isLive) return true;
    if (statusCode < 200) {
      this.owner.informed(statusCode, rawHeaders);
      return true;
    }
    this.resumeBody = resume;
    this.isWaiting = false;
    this.activeNs = this.pool.tickedNs;
    this.moveTo(this.pool.flowing);
    const goesOn = this.owner.answered(this, statusCode, rawHeaders, statusText);
    if (this.owner.isStream) this.leaveOutstanding();
    return goesOn;
  }

  onData(chunk: Buffer): boolean {
    if (!this.isLive) return true;
    this.activeNs = this.pool.tickedNs;
    return this.owner.received(chunk);
  }

  onComplete(rawTrailers: readonly Buffer[] | null): void {
    if (!this.isLive) return;
    this.release();
    this.owner.completed(this, rawTrailers);
  }

  onUpgrade(_statusCode: number, rawHeaders: readonly Buffer[], socket: Duplex): void {
    if (!this.isLive) {
      socket.destroy();
      return;
    }
    this.abortRequest = null;
    this.isWaiting = false;
    this.moveTo(null);
    this.leaveOutstanding();
    this.owner.upgraded(this, rawHeaders, socket);
  }

  onError(error: Error): void {
    if (!this.isLive) return;
    const isAnswered = !this.isWaiting;
    this.release();
    if (isAnswered) this.owner.broken(this);
    else this.owner.failed(this, this.failureOf(error));
  }

  onBodySent(): void {
    if (this.isLive) this.keepWaiting(this.owner.nowNs());
  }

  private failureOf(error: Error): AttemptFailure {
    const code = 'code' in error ? error.code : undefined;
    if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') return 'not-sendable';
    // undici names the connection just before it writes; without one not a byte was sent.
    return this.abortRequest === null ? 'not-connected' : 'reset';
  }

  private moveTo(list: WaitingList<Attempt> | null): void {
    if (this.list !== null) removeWaiting(this.list, this);
    if (list !== null) appendWaiting(list, this);
    this.list = list;
  }

  private release(): void {
    this.isLive = false;
    this.isWaiting = false;
    this.moveTo(null);
    this.pool.inFlight -= 1;
    this.leaveOutstanding();
  }

  /** What lasts for hours says nothing of how busy an instance is: by it a new one would get all that is short. */
  private leaveOutstanding(): void {
    if (this.isOutstanding) this.endpoint.outstanding -= 1;
    this.isOutstanding = false;
  }
}
