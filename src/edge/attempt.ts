/**
 * One try to get an answer from one endpoint: the handler that undici calls. A class because undici
 * wants methods, and a prototype's methods cost no closures per request.
 */
import type { Duplex } from 'node:stream';
import type { FencingToken } from '../core/model/fencing-token.ts';
import type { Endpoint, LivePool } from './live-pool.ts';
import { appendWaiting, removeWaiting } from './waiting-list.ts';

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
  readonly owner: AttemptOwner;
  readonly pool: LivePool;
  readonly endpoint: Endpoint;
  readonly token: FencingToken;
  waitingSinceNs: bigint;
  previous: Attempt | null = null;
  next: Attempt | null = null;
  /** In flight: counted at its pool and endpoint, its events are heard. */
  isLive = true;
  isWaiting = true;
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
    appendWaiting(pool.waiting, this);
  }

  /** Ends the attempt without telling its owner; aborts what is still under way. */
  end(): void {
    if (!this.isLive) return;
    this.release();
    this.abortRequest?.(new AttemptEnded());
  }

  resume(): void {
    this.resumeBody?.();
  }

  /** A byte of the request body went out: the wait for an answer begins anew. */
  keepWaiting(nowNs: bigint): void {
    if (!this.isWaiting) return;
    this.waitingSinceNs = nowNs;
    removeWaiting(this.pool.waiting, this);
    appendWaiting(this.pool.waiting, this);
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
    this.stopWaiting();
    return this.owner.answered(this, statusCode, rawHeaders, statusText);
  }

  onData(chunk: Buffer): boolean {
    return this.isLive ? this.owner.received(chunk) : true;
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
    this.stopWaiting();
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

  private stopWaiting(): void {
    this.isWaiting = false;
    removeWaiting(this.pool.waiting, this);
  }

  private release(): void {
    this.isLive = false;
    if (this.isWaiting) this.stopWaiting();
    this.pool.inFlight -= 1;
    this.endpoint.outstanding -= 1;
  }
}
