/**
 * One request of a client and its way to an answer: over one attempt or several, first at the chosen
 * pool, then perhaps at the stable one. The client gets exactly one answer.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { FencingToken } from '../core/model/fencing-token.ts';
import { isEjected } from '../core/routing/instance-health.ts';
import { Attempt, type AttemptFailure, type AttemptOwner } from './attempt.ts';
import { callerOf } from './caller-of.ts';
import { earlyHintsOf } from './early-hints.ts';
import {
  BROKEN,
  CLIENT_STALLED,
  LATE,
  MALFORMED,
  NO_ENDPOINT,
  NOT_SENDABLE,
  sendEdgeError,
  type EdgeError,
} from './edge-error.ts';
import type { EdgeResponse } from './edge-response.ts';
import { cameByTls } from './forwarded-headers.ts';
import { markDown, pickEndpoint, type Endpoint, type LivePool } from './live-pool.ts';
import type { RequestBody } from './request-body.ts';
import type { MirrorTap } from './mirror.ts';
import { returnedTrailers } from './returned-headers.ts';
import type { ScopeTraffic } from './scope-traffic.ts';
import { sendHead } from './send-head.ts';
import type { NewCookie } from './sticky-cookie.ts';
import { stickyKeyOf } from './sticky-key.ts';
import { switchProtocols } from './switch-protocols.ts';

export interface ExchangeRequest {
  readonly message: IncomingMessage;
  readonly response: EdgeResponse;
  /** What undici sends; the same for every attempt. */
  readonly outgoing: Dispatcher.DispatchOptions;
  readonly body: RequestBody | null;
  /** Safe to repeat: a safe method without a body. */
  readonly isSafe: boolean;
  readonly expectsContinue: boolean;
  /** The client's socket and what it sent behind its head, when it asked for an upgrade. */
  readonly upgrade: { readonly socket: Duplex; readonly head: Buffer } | null;
}

export class Exchange implements AttemptOwner {
  private readonly traffic: ScopeTraffic;
  private readonly request: ExchangeRequest;
  private attempt: Attempt | null = null;
  /** The request on the same connection that this one was pipelined behind. */
  private before: Exchange | null;
  /** Whose request the stable pool has taken over. */
  private rescuedFrom: { pool: LivePool; token: FencingToken } | null = null;
  private tried: Endpoint[] | null = null;
  private newCookie: NewCookie | null = null;
  private wasRepeated = false;
  private wasContinued = false;
  private hasClientError = false;
  /** The answer is to be mirrored once the client has it. */
  private tap: MirrorTap | null = null;
  /** Nothing more is to be done for the client: answered in full, cut off, or gone. */
  private isOver = false;

  constructor(traffic: ScopeTraffic, request: ExchangeRequest, before: Exchange | null) {
    this.traffic = traffic;
    this.request = request;
    this.before = before;
  }

  start(): void {
    const nowNs = this.nowNs();
    const pool = this.traffic.choose(nowNs, this.stickyKey(), this.request.isSafe);
    if (pool === null) this.noCapacity(null);
    else this.send(pool, nowNs);
  }

  /** Itself while it still has something to do, for the request behind it to remember. */
  unfinished(): Exchange | null {
    // What has ended is dropped on the way, so that a connection does not remember all its requests.
    this.before = this.before?.unfinished() ?? null;
    return this.isOver && this.attempt?.isLive !== true ? this.before : this;
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

  /**
   * The client's connection is gone, for this request and all before it. Responses that were queued
   * behind another one do not hear of it from Node.
   */
  connectionClosed(): void {
    this.before?.connectionClosed();
    if (this.isOver && this.attempt?.isLive !== true) return;
    this.isOver = true;
    this.abandon();
  }

  /** The client's connection sent what cannot be read, in this request or behind it. */
  malformed(socket: Duplex): 'over' | 'answering' | 'refused' | 'cut' {
    const { message, response } = this.request;
    if (this.isOver) return 'over';
    if (message.complete) {
      // This request was whole and gets its answer; nothing behind it is looked at.
      response.shouldKeepAlive = false;
      response.once('finish', () => socket.end(() => socket.destroy()));
      return 'answering';
    }
    // Among these are clients that left in the middle of a body.
    this.abandon();
    if (response.headersSent) return 'cut';
    this.answer(MALFORMED);
    return 'refused';
  }

  clientDrained(): void {
    if (this.attempt?.isLive === true) this.attempt.resume();
  }

  connected(): void {
    const { expectsContinue, response } = this.request;
    if (!expectsContinue || this.wasContinued) return;
    this.wasContinued = true;
    response.writeContinue();
  }

  informed(statusCode: number, rawHeaders: readonly Buffer[]): void {
    if (statusCode !== 103 || this.request.message.httpVersion === '1.0') return;
    try {
      const hints = earlyHintsOf(rawHeaders);
      if (hints !== null) this.request.response.writeEarlyHints(hints);
    } catch {
      // A hint is advice: one that Node refuses must not cost the answer behind it.
    }
  }

  answered(
    attempt: Attempt,
    statusCode: number,
    rawHeaders: readonly Buffer[],
    statusText: string,
  ): boolean {
    this.traffic.recordAnswer(attempt, statusCode);
    if (statusCode >= 500 && this.canRescue(attempt.pool)) {
      attempt.end();
      this.rescue(attempt);
      return true;
    }
    if (statusCode >= 500 && this.canTryAnother(attempt)) {
      attempt.end();
      this.repeat(attempt);
      return true;
    }
    const { response, message } = this.request;
    const head = { statusCode, rawHeaders, statusText, cookie: this.newCookie };
    if (!sendHead(response, message, head)) {
      attempt.end();
      this.traffic.recordBroken(attempt);
      this.fail(BROKEN, attempt);
      return true;
    }
    if (statusCode >= 500) this.countClientError(attempt.pool, attempt.token);
    else this.countRescue();
    const { mirror } = this.traffic;
    if (mirror !== null) {
      this.tap = mirror.tap(attempt, this.request.outgoing, statusCode, rawHeaders);
    }
    this.traffic.flusher.flushSoon(response);
    return true;
  }

  received(chunk: Buffer): boolean {
    const { response } = this.request;
    this.tap?.capture.received(chunk);
    if (response.write(chunk)) return true;
    if (!response.hearsDrain) {
      response.hearsDrain = true;
      response.on('drain', () => this.clientDrained());
    }
    return false;
  }

  completed(attempt: Attempt, rawTrailers: readonly Buffer[] | null): void {
    const { response } = this.request;
    this.isOver = true;
    if (rawTrailers !== null && rawTrailers.length > 0) {
      response.addTrailers(returnedTrailers(rawTrailers));
    }
    response.end();
    if (response.statusCode < 500) this.traffic.recordComplete(attempt);
    if (this.tap !== null) this.traffic.mirror?.completed(this.tap);
  }

  upgraded(attempt: Attempt, rawHeaders: readonly Buffer[], socket: Duplex): void {
    this.traffic.recordAnswer(attempt, 101);
    const { upgrade, response } = this.request;
    if (upgrade === null || this.isOver) {
      socket.destroy();
      attempt.end();
      return;
    }
    this.countRescue();
    this.traffic.recordComplete(attempt);
    this.isOver = true;
    switchProtocols({ ...upgrade, response, rawHeaders, upstream: socket }, () => attempt.end());
  }

  failed(attempt: Attempt, failure: AttemptFailure): void {
    switch (failure) {
      case 'not-sendable':
        this.answer(NOT_SENDABLE);
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
        if (this.canRescue(attempt.pool)) this.rescue(attempt);
        else if (this.request.isSafe && !this.wasRepeated) this.repeat(attempt);
        else this.fail(BROKEN, attempt);
    }
  }

  broken(attempt: Attempt): void {
    // It answered before it had the whole body, and the client left.
    if (this.wasCutByClient()) return;
    this.traffic.recordBroken(attempt);
    this.countClientError(attempt.pool, attempt.token);
    this.isOver = true;
    // A cut connection is the only way left to say that the answer is not whole.
    this.request.response.destroy();
  }

  late(attempt: Attempt): void {
    const isClientStalled = this.isBodyAwaited();
    attempt.end();
    if (isClientStalled) {
      this.answer(CLIENT_STALLED);
      return;
    }
    this.traffic.recordFailure(attempt, 'timeouts');
    if (this.canRescue(attempt.pool)) this.rescue(attempt);
    else if (this.canTryAnother(attempt)) this.repeat(attempt);
    else this.fail(LATE, attempt);
  }

  withdrawn(attempt: Attempt): void {
    if (!this.canRescue(attempt.pool)) return;
    attempt.end();
    this.rescue(attempt);
  }

  private send(pool: LivePool, nowNs: bigint): void {
    if (this.isOver) return;
    const endpoint = pickEndpoint(pool, nowNs, this.tried);
    if (endpoint === null) {
      this.sendElsewhere(pool, nowNs);
      return;
    }
    const attempt = new Attempt(this, pool, endpoint, this.traffic.token, nowNs);
    this.attempt = attempt;
    endpoint.upstream.dispatch(this.request.outgoing, attempt as Dispatcher.DispatchHandler);
  }

  /** Not a byte was sent, so that even a request that is not safe may go to another pool. */
  private sendElsewhere(pool: LivePool, nowNs: bigint): void {
    const stable = this.traffic.stablePool;
    if (stable === null || stable === pool || this.rescuedFrom !== null) {
      this.noCapacity(pool);
      return;
    }
    this.rescuedFrom = { pool, token: this.attempt?.token ?? this.traffic.token };
    this.tried = null;
    this.send(stable, nowNs);
  }

  private notConnected(attempt: Attempt): void {
    const nowNs = this.nowNs();
    this.traffic.recordFailure(attempt, 'connectErrors');
    markDown(attempt.endpoint, nowNs);
    this.tried = [...(this.tried ?? []), attempt.endpoint];
    // The stable pool is there for whoever was sent to it, also when it has just lost its weight.
    const isStillWanted =
      attempt.pool.weight > 0 ||
      this.rescuedFrom !== null ||
      attempt.pool === this.traffic.stablePool;
    if (isStillWanted) this.send(attempt.pool, nowNs);
    else this.sendElsewhere(attempt.pool, nowNs);
  }

  private canRescue(pool: LivePool): boolean {
    const stable = this.traffic.stablePool;
    return this.request.isSafe && this.rescuedFrom === null && stable !== null && stable !== pool;
  }

  /** What an ejected instance made of its trial, or of its last request, is no answer for a client. */
  private canTryAnother({ endpoint }: Attempt): boolean {
    return this.request.isSafe && !this.wasRepeated && isEjected(endpoint.health);
  }

  private rescue(attempt: Attempt): void {
    const stable = this.traffic.stablePool;
    if (stable === null) return;
    this.rescuedFrom = { pool: attempt.pool, token: attempt.token };
    this.tried = null;
    this.send(stable, this.nowNs());
  }

  /** Once more in the same pool, at another endpoint if there is one. */
  private repeat(attempt: Attempt): void {
    this.wasRepeated = true;
    const { pool } = attempt;
    this.tried = pool.endpoints.length > 1 ? [...(this.tried ?? []), attempt.endpoint] : null;
    this.send(pool, this.nowNs());
  }

  private noCapacity(pool: LivePool | null): void {
    if (this.attempt === null || pool === null) this.traffic.recordNoCapacity(this.request.isSafe);
    else this.countClientError(pool, this.attempt.token);
    this.answer(NO_ENDPOINT);
  }

  private fail(error: EdgeError, attempt: Attempt): void {
    this.countClientError(attempt.pool, attempt.token);
    this.answer(error);
  }

  private answer(error: EdgeError): void {
    if (this.isOver) return;
    this.isOver = true;
    sendEdgeError(this.request.response, this.request.message, error);
  }

  /** By what the client stays with its release; one that brings nothing gets a cookie. */
  private stickyKey(): string | null {
    const { assignment } = this.traffic;
    if (assignment === null) return null;
    const { message } = this.request;
    const known = stickyKeyOf(message.headers, assignment);
    if (known !== null || assignment.by === 'header') return known;
    const value = randomUUID();
    this.newCookie = { name: assignment.name, value, isSecure: cameByTls(message) };
    return value;
  }

  private abandon(): void {
    const { attempt } = this;
    if (attempt?.isLive !== true) return;
    if (attempt.isWaiting) {
      this.traffic.recordAbandoned(attempt, this.isBodyAwaited() ? 'client' : 'pool');
    }
    attempt.end();
  }

  /** Whether the client has yet to send what the pool would take. */
  private isBodyAwaited(): boolean {
    const { body, message } = this.request;
    return body !== null && !message.complete && !body.isBlocked();
  }

  /** undici reports a request body that broke like a connection that broke. */
  private wasCutByClient(): boolean {
    const { message, response } = this.request;
    if (message.errored === null || message.complete) return false;
    this.isOver = true;
    response.destroy();
    return true;
  }

  private countClientError(pool: LivePool, token: FencingToken): void {
    if (this.hasClientError) return;
    this.hasClientError = true;
    this.traffic.recordClientError(pool, token, this.request.isSafe);
  }

  private countRescue(): void {
    if (this.rescuedFrom === null) return;
    this.traffic.recordRescue(this.rescuedFrom.pool, this.rescuedFrom.token);
  }
}
