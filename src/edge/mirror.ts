/**
 * Copies requests that the stable pool has answered to the candidate, and to the stable pool once
 * more, and compares what comes back. Clients have their answers by then: they neither wait for it nor
 * see it. It lives as long as the lease that says so.
 */
import type { Dispatcher } from 'undici';
import { isCovered } from '../core/mirror/is-covered.ts';
import { mirrorFindings } from '../core/mirror/mirror-findings.ts';
import { createMirrorLedger, noteMirrored } from '../core/mirror/mirror-ledger.ts';
import type { MirrorReport } from '../core/mirror/mirror-report.ts';
import type { MirrorRules } from '../core/mirror/mirror-rules.ts';
import { reduceAnswer } from '../core/mirror/reduced-answer.ts';
import { pathOf, routeOf } from '../core/mirror/route-of.ts';
import type { FencingToken } from '../core/model/fencing-token.ts';
import { secondOf } from '../core/model/second-of.ts';
import { AnswerCapture } from './answer-capture.ts';
import type { Attempt } from './attempt.ts';
import { ejectedOf, pickEndpoint, type Endpoint, type LivePool } from './live-pool.ts';
import { MirrorCopy } from './mirror-copy.ts';
import { MIRROR_HEADER } from './mirror-header.ts';

/** A longer answer costs more to fetch twice than it tells. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
const EXAMPLE_LENGTH_MAX = 200;

export interface MirrorParts {
  readonly rules: MirrorRules;
  readonly epoch: string;
  readonly token: FencingToken;
  readonly stable: LivePool;
  readonly candidate: LivePool;
  /** How long a copy may take until it is whole. */
  readonly timeoutNs: bigint;
  readonly nowNs: () => bigint;
}

/** What of a client's request a copy is made from. */
type Copied = Dispatcher.DispatchOptions;

/** The answer of the stable pool to a client, looked at in passing. */
export interface MirrorTap {
  readonly attempt: Attempt;
  readonly request: Copied;
  readonly capture: AnswerCapture;
}

interface Pair {
  readonly startedNs: bigint;
  readonly stable: MirrorCopy;
  readonly candidate: MirrorCopy;
}

export class Mirror {
  private readonly parts: MirrorParts;
  private readonly ledger = createMirrorLedger();
  private readonly taps = new Set<MirrorTap>();
  private readonly pairs = new Set<Pair>();
  private second = 0;
  private takenInSecond = 0;
  private dropped = 0;
  private isClosed = false;

  constructor(parts: MirrorParts) {
    this.parts = parts;
  }

  /** Whether this answer is to be mirrored; null for most. */
  tap(
    attempt: Attempt,
    request: Copied,
    status: number,
    rawHeaders: readonly Buffer[],
  ): MirrorTap | null {
    const isDue = attempt.pool === this.parts.stable && attempt.isSample;
    if (!isDue || !this.isWanted(request)) return null;
    const capture = new AnswerCapture(status, rawHeaders);
    // It has no end of its own.
    if (capture.headerOf('content-type').startsWith('text/event-stream')) return null;
    if (!this.hasRoom()) {
      this.dropped += 1;
      return null;
    }
    const tap = { attempt, request, capture };
    this.taps.add(tap);
    return tap;
  }

  /** The client has its answer in full: now the copies may go. */
  completed(tap: MirrorTap): void {
    // Of a mirror before this one.
    if (!this.taps.delete(tap)) return;
    if (tap.capture.length > ANSWER_BYTES_MAX) return;
    const { stable, candidate, nowNs } = this.parts;
    const at = nowNs();
    const { endpoint } = tap.attempt;
    // The trial of an ejected instance is a client's: what becomes of a copy says nothing of its health.
    const second = pickEndpoint(stable, at, [endpoint, ...ejectedOf(stable)]) ?? endpoint;
    const tested = pickEndpoint(candidate, at, ejectedOf(candidate));
    if (tested === null) return;
    const ended = () => {
      if (!pair.stable.hasEnded || !pair.candidate.hasEnded || this.isClosed) return;
      void this.compare(tap, pair);
    };
    const pair: Pair = {
      startedNs: at,
      stable: new MirrorCopy(nowNs, ended),
      candidate: new MirrorCopy(nowNs, ended),
    };
    this.pairs.add(pair);
    const toStable = (): void => send(second, tap.request, pair.stable);
    const toCandidate = (): void => send(tested, tap.request, pair.candidate);
    // Whoever is asked first is nearer to the client's answer: a time in it is the same more often.
    const inTurn = Math.random() < 0.5 ? [toStable, toCandidate] : [toCandidate, toStable];
    for (const copyTo of inTurn) copyTo();
  }

  /** Gives up copies that take too long. */
  tick(nowNs: bigint): void {
    for (const { startedNs, stable, candidate } of [...this.pairs]) {
      if (nowNs - startedNs < this.parts.timeoutNs) continue;
      stable.giveUp();
      candidate.giveUp();
    }
  }

  report(): MirrorReport {
    const { epoch, token } = this.parts;
    return { epoch, token, ...mirrorFindings(this.ledger, this.dropped) };
  }

  /** Whatever is still under way is ended and tells nothing. */
  close(): void {
    this.isClosed = true;
    for (const { stable, candidate } of this.pairs) {
      stable.giveUp();
      candidate.giveUp();
    }
    this.taps.clear();
    this.pairs.clear();
  }

  private isWanted({ method, path, upgrade, body, headers }: Copied): boolean {
    const { percent, skip, perSecondMax } = this.parts.rules;
    if ((method !== 'GET' && method !== 'HEAD') || body !== null || upgrade !== undefined) {
      return false;
    }
    if (this.isClosed || (skip.length > 0 && isCovered(pathOf(path), skip))) return false;
    if (Math.random() * 100 >= percent || isConditional(headers as readonly string[])) return false;
    const second = secondOf(this.parts.nowNs());
    if (second !== this.second) {
      this.second = second;
      this.takenInSecond = 0;
    }
    this.takenInSecond += 1;
    if (this.takenInSecond <= perSecondMax) return true;
    this.dropped += 1;
    return false;
  }

  /** Answers that broke or whose client left are not told to be over: they are found here. */
  private hasRoom(): boolean {
    const { inFlightMax } = this.parts.rules;
    if (this.taps.size + this.pairs.size < inFlightMax) return true;
    for (const tap of this.taps) if (!tap.attempt.isLive) this.taps.delete(tap);
    return this.taps.size + this.pairs.size < inFlightMax;
  }

  private async compare({ request, capture }: MirrorTap, pair: Pair): Promise<void> {
    const { headers, ignore } = this.parts.rules;
    const [raw, stable, candidate] = await Promise.all([
      capture.raw(),
      pair.stable.result(headers),
      pair.candidate.result(headers),
    ]);
    this.pairs.delete(pair);
    if (this.isClosed) return;
    const mirrored = {
      route: routeOf(request.method, request.path),
      path: pathOf(request.path).slice(0, EXAMPLE_LENGTH_MAX),
      client: { kind: 'answered', answer: reduceAnswer(raw, headers) } as const,
      stable,
      candidate,
    };
    noteMirrored(this.ledger, mirrored, ignore);
  }
}

/** What a client knows it has from the stable release: of another one the same answer would be wrong. */
const CONDITIONS: ReadonlySet<string> = new Set([
  ...['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since', 'if-range'],
]);

/** Names and values by turns. */
function isConditional(headers: readonly string[]): boolean {
  return headers.some((name, at) => at % 2 === 0 && CONDITIONS.has(name.toLowerCase()));
}

function send({ upstream }: Endpoint, request: Copied, copy: MirrorCopy): void {
  const headers = [...(request.headers as readonly string[]), MIRROR_HEADER, '1'];
  upstream.dispatch({ ...request, headers }, copy as Dispatcher.DispatchHandler);
}
