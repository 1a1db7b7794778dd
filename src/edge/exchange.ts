/**
 * One request of a client and its way to an answer: over one attempt or several, first at the chosen
 * pool, then perhaps at the stable one. The client gets exactly one answer.
 */
import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import { Attempt, type AttemptFailure, type AttemptOwner } from './attempt.ts';
import { Attempts } from './attempts.ts';
import { callerOf } from './caller-of.ts';
import { ClientAnswer } from './client-answer.ts';
import { passEarlyHints } from './early-hints.ts';
import {
  BODY_TOO_LARGE,
  BROKEN,
  CLIENT_STALLED,
  HEAD_TOO_LARGE,
  LATE,
  MALFORMED,
  NOT_SENDABLE,
  type EdgeError,
} from './edge-error.ts';
import type { ExchangeRequest } from './exchange-request.ts';
import { HeldAnswer, isPassedAtOnce } from './held-answer.ts';
import { markDown, pickEndpoint, type Endpoint, type LivePool } from './live-pool.ts';
import type { MirrorTap } from './mirror.ts';
import { Outcome } from './outcome.ts';
import { Retries } from './retries.ts';
import { headBytesOf } from './returned-headers.ts';
import type { ScopeTraffic } from './scope-traffic.ts';
import type { NewCookie } from './sticky-cookie.ts';
import type { AnswerHead } from './send-head.ts';
import { stickyClientOf } from './sticky-client.ts';
import { switchProtocols } from './switch-protocols.ts';

export class Exchange implements AttemptOwner {
  private readonly traffic: ScopeTraffic;
  private readonly request: ExchangeRequest;
  startedNs = 0n;
  private readonly answer: ClientAnswer;
  private readonly outcome: Outcome;
  private readonly attempts = new Attempts();
  private readonly retries: Retries;
  private newCookie: NewCookie | null = null;
  private wasContinued = false;
  /** What came of an answer that is not passed on yet. */
  private held: HeldAnswer | null = null;
  /** The answer is to be mirrored once the client has it. */
  private tap: MirrorTap | null = null;

  constructor(traffic: ScopeTraffic, request: ExchangeRequest) {
    this.traffic = traffic;
    this.request = request;
    this.answer = new ClientAnswer(request);
    this.outcome = new Outcome(traffic, this.answer, request.isSafe);
    this.retries = new Retries(traffic, request.isSafe);
  }

  start(): void {
    // It may have been refused while it waited for those before it.
    if (this.answer.isOver) return;
    const nowNs = this.nowNs();
    this.startedNs = nowNs;
    const { assignment } = this.traffic;
    const client = assignment && stickyClientOf(this.request.message, assignment);
    this.newCookie = client?.newCookie ?? null;
    const { body, isSafe } = this.request;
    if (body !== null) body.onExceeded = () => this.bodyExceeded();
    const pool = this.traffic.choose(nowNs, client?.key ?? null, isSafe);
    if (pool === null) this.outcome.noCapacity(null);
    else this.send(pool, nowNs);
  }

  get isStream(): boolean {
    return this.answer.isStream;
  }

  get isSafe(): boolean {
    return this.request.isSafe;
  }

  caller(): unknown {
    return callerOf(this.request.message, this.traffic.lease);
  }

  nowNs(): bigint {
    return this.traffic.clock.monotonicNs();
  }

  /** The client's connection is gone. */
  connectionClosed(): void {
    if (this.answer.isOver && !this.attempts.isLive) return;
    this.answer.isOver = true;
    this.abandon();
  }

  /** The client's connection sent what cannot be read, in this request or `behind` it, which was whole. */
  malformed(): 'behind' | 'refused' | 'cut' {
    if (this.answer.isOver || this.request.message.complete) return 'behind';
    // Among these are clients that left in the middle of a body.
    this.abandon();
    if (this.answer.hasBegun) return 'cut';
    this.answer.fail(MALFORMED);
    return 'refused';
  }

  clientDrained(): void {
    if (this.attempts.isLive) this.attempts.current?.resume();
  }

  connected(): void {
    const { expectsContinue, response } = this.request;
    if (!expectsContinue || this.wasContinued) return;
    this.wasContinued = true;
    response.writeContinue();
  }

  informed(statusCode: number, rawHeaders: readonly Buffer[]): void {
    if (statusCode === 103) passEarlyHints(this.request, rawHeaders);
  }

  answered(
    attempt: Attempt,
    statusCode: number,
    rawHeaders: readonly Buffer[],
    statusText: string,
  ): boolean {
    if (headBytesOf(rawHeaders) > this.traffic.limits.answerHeadBytesMax) {
      attempt.end();
      this.traffic.recordFailure(attempt, 'resets');
      if (!this.tryAgain(attempt, 'other')) this.outcome.fail(HEAD_TOO_LARGE, attempt);
      return true;
    }
    this.traffic.recordAnswer(attempt, statusCode);
    if (statusCode < 500) {
      this.traffic.hedging?.answered(attempt, this.request, this.nowNs());
      this.attempts.win(attempt, this, this.traffic);
    } else if (this.tryAgain(attempt, 'other')) return true;
    const head = { statusCode, rawHeaders, statusText, cookie: this.newCookie };
    if (this.retries.mayRescue(attempt.pool) && !isPassedAtOnce(rawHeaders)) {
      this.held = new HeldAnswer(head, attempt.pool, this);
    } else this.pass(attempt, head);
    return true;
  }

  received(chunk: Buffer): boolean {
    if (this.held === null) {
      this.tap?.capture.received(chunk);
      return this.answer.write(chunk, this);
    }
    if (this.held.add(chunk)) return true;
    this.release();
    return !this.answer.isBlocked;
  }

  /** Passes on what is held, and from then on what comes. False when its head cannot be passed on. */
  release(): boolean {
    const { held } = this;
    const { current } = this.attempts;
    this.dropHeld();
    if (held === null || current === null) return true;
    if (!this.pass(current, held.head)) return false;
    for (const chunk of held.chunks) this.answer.write(chunk, this);
    return true;
  }

  completed(attempt: Attempt, rawTrailers: readonly Buffer[] | null): void {
    if (!this.release()) return;
    this.answer.end(rawTrailers);
    if (this.request.response.statusCode < 500) this.traffic.recordComplete(attempt);
    if (this.tap !== null) this.traffic.mirror?.completed(this.tap);
  }

  upgraded(attempt: Attempt, rawHeaders: readonly Buffer[], socket: Duplex): void {
    this.traffic.recordAnswer(attempt, 101);
    const { upgrade, response } = this.request;
    if (upgrade === null || this.answer.isOver) {
      socket.destroy();
      attempt.end();
      return;
    }
    this.countRescue();
    this.traffic.recordComplete(attempt);
    this.answer.isOver = true;
    switchProtocols({ ...upgrade, response, rawHeaders, upstream: socket }, () => attempt.end());
  }

  failed(attempt: Attempt, failure: AttemptFailure): void {
    switch (failure) {
      case 'not-sendable':
        this.outcome.refuse(NOT_SENDABLE);
        return;
      case 'not-connected':
        this.notConnected(attempt);
        return;
      case 'reset':
        if (this.wasCutByClient()) {
          this.traffic.recordAbandoned(attempt, 'client');
          return;
        }
        this.traffic.recordFailure(attempt, 'resets');
        if (!this.tryAgain(attempt, 'reset')) this.outcome.fail(BROKEN, attempt);
    }
  }

  broken(attempt: Attempt): void {
    // It answered before it had the whole body, and the client left.
    if (this.wasCutByClient()) return;
    this.traffic.recordBroken(attempt, 'resets');
    this.cutOff(attempt, BROKEN);
  }

  late(attempt: Attempt): void {
    attempt.end();
    this.traffic.recordFailure(attempt, 'timeouts');
    if (!this.tryAgain(attempt, 'other')) this.outcome.fail(LATE, attempt);
  }

  stalled(attempt: Attempt): void {
    attempt.end();
    this.outcome.refuse(CLIENT_STALLED);
  }

  overran(attempt: Attempt): void {
    attempt.end();
    if (this.answer.isBlocked) {
      this.outcome.refuse(CLIENT_STALLED);
      return;
    }
    this.traffic.recordBroken(attempt, 'timeouts');
    this.cutOff(attempt, LATE);
  }

  isBodyAwaited(): boolean {
    const { body, message } = this.request;
    return body !== null && !message.complete && !body.isBlocked();
  }

  withdrawn(attempt: Attempt): void {
    if (this.retries.mayRescue(attempt.pool)) this.tryAgain(attempt, 'other');
  }

  private send(pool: LivePool, nowNs: bigint): void {
    if (this.answer.isOver) return;
    const endpoint = pickEndpoint(pool, nowNs, this.retries.tried);
    if (endpoint === null) {
      this.sendElsewhere(pool, nowNs);
      return;
    }
    const attempt = this.attemptAt(pool, endpoint, nowNs);
    this.attempts.current = attempt;
    this.dispatch(attempt, nowNs);
  }

  private attemptAt(pool: LivePool, endpoint: Endpoint, nowNs: bigint): Attempt {
    const attempt = new Attempt(this, pool, endpoint, this.traffic.token, nowNs);
    attempt.isSample = this.attempts.current === null && this.retries.rescuedFrom === null;
    return attempt;
  }

  private dispatch(attempt: Attempt, nowNs: bigint): void {
    const { hangs, hedging } = this.traffic;
    if (attempt.isSample) hangs?.sent(attempt, nowNs);
    hedging?.sent(attempt, this.request);
    const { upstream } = attempt.endpoint;
    upstream.dispatch(this.request.outgoing, attempt as Dispatcher.DispatchHandler);
  }

  /** Not a byte was sent, so that even a request that is not safe may go to another pool. */
  private sendElsewhere(pool: LivePool, nowNs: bigint): void {
    const token = this.attempts.current?.token ?? this.traffic.token;
    const other = this.retries.afterNothingSent({ pool, token });
    if (other === null) this.outcome.noCapacity(this.attempts.current && { pool, token });
    else this.send(other, nowNs);
  }

  private notConnected(attempt: Attempt): void {
    const nowNs = this.nowNs();
    this.traffic.recordFailure(attempt, 'connectErrors');
    markDown(attempt.endpoint, nowNs);
    if (this.attempts.loseTo(attempt)) return;
    this.retries.passOver(attempt.endpoint);
    // The stable pool is there for whoever was sent to it, also when it has just lost its weight.
    const isStillWanted =
      attempt.pool.weight > 0 ||
      this.retries.rescuedFrom !== null ||
      attempt.pool === this.traffic.stablePool;
    if (isStillWanted) this.send(attempt.pool, nowNs);
    else this.sendElsewhere(attempt.pool, nowNs);
  }

  /** False when no try is left; the attempt is over otherwise. */
  private tryAgain(attempt: Attempt, failure: 'reset' | 'other'): boolean {
    if (this.attempts.loseTo(attempt)) return true;
    const pool = this.retries.afterFailure(attempt, failure);
    if (pool === null) return false;
    attempt.end();
    this.send(pool, this.nowNs());
    return true;
  }

  hedge(attempt: Attempt): boolean {
    const nowNs = this.nowNs();
    const { stablePool } = this.traffic;
    if (stablePool === null || !this.retries.mayRescue(attempt.pool)) return false;
    const endpoint = pickEndpoint(stablePool, nowNs, null);
    if (endpoint === null) return false;
    this.retries.afterNothingSent(attempt);
    this.attempts.rival = this.attemptAt(stablePool, endpoint, nowNs);
    this.dispatch(this.attempts.rival, nowNs);
    return true;
  }

  /** False when the head cannot be passed on, and somebody else is asked, or nobody. */
  private pass(attempt: Attempt, head: AnswerHead): boolean {
    if (!this.answer.begin(head)) {
      attempt.end();
      this.traffic.recordBroken(attempt, 'resets');
      if (!this.tryAgain(attempt, 'other')) this.outcome.fail(BROKEN, attempt);
      return false;
    }
    if (head.statusCode >= 500) this.outcome.failed(attempt);
    else if (attempt.pool !== this.retries.rescuedFrom?.pool) this.countRescue();
    const { mirror, flusher } = this.traffic;
    if (mirror !== null) {
      this.tap = mirror.tap(attempt, this.request.outgoing, head.statusCode, head.rawHeaders);
    }
    flusher.flushSoon(this.answer);
    return true;
  }

  /** Its head was good and its body is not: only while it is held can the client have another answer. */
  private cutOff(attempt: Attempt, error: EdgeError): void {
    if (this.held !== null) {
      this.dropHeld();
      if (!this.tryAgain(attempt, 'other')) this.outcome.fail(error, attempt);
      return;
    }
    this.outcome.failed(attempt);
    this.answer.cut();
  }

  private dropHeld(): void {
    this.held?.leave();
    this.held = null;
  }

  private bodyExceeded(): void {
    if (this.answer.isOver) return;
    this.attempts.end();
    // Perhaps it was answered before it had sent all of it.
    this.outcome.refuse(BODY_TOO_LARGE);
  }

  private abandon(): void {
    const { current, isLive } = this.attempts;
    if (current === null || !isLive) return;
    this.dropHeld();
    if (current.isWaiting) {
      this.traffic.recordAbandoned(current, this.isBodyAwaited() ? 'client' : 'pool');
    }
    this.attempts.end();
  }

  /** undici reports a request body that broke like a connection that broke. */
  private wasCutByClient(): boolean {
    const { message } = this.request;
    if (message.errored === null || message.complete) return false;
    this.answer.cut();
    return true;
  }

  private countRescue(): void {
    const { rescuedFrom } = this.retries;
    if (rescuedFrom !== null) this.traffic.recordRescue(rescuedFrom.pool, rescuedFrom.token);
  }
}
