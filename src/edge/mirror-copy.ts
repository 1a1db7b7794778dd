/**
 * A copy of a request on its way to one endpoint: the handler that undici calls. Nothing of it counts
 * at the pool, nothing is repeated, and nobody waits for it.
 */
import type { Duplex } from 'node:stream';
import type { MirroredCopy } from '../core/mirror/mirror-ledger.ts';
import { reduceAnswer } from '../core/mirror/reduced-answer.ts';
import { AnswerCapture } from './answer-capture.ts';

/** Longer than the longest answer that is copied at all; what is longer still is another answer. */
const BODY_BYTES_MAX = 8 * 1024 * 1024;

type End = 'answered' | 'refused' | 'reset' | 'late';

/** Why a copy was ended by the edge itself. */
class CopyEnded extends Error {
  override readonly name = 'CopyEnded';
}

export class MirrorCopy {
  private readonly nowNs: () => bigint;
  private readonly startedNs: bigint;
  private readonly ended: () => void;
  private capture: AnswerCapture | null = null;
  private headUs: number | null = null;
  private end: End | null = null;
  private abort: ((reason?: Error) => void) | null = null;

  constructor(nowNs: () => bigint, ended: () => void) {
    this.nowNs = nowNs;
    this.startedNs = nowNs();
    this.ended = ended;
  }

  get hasEnded(): boolean {
    return this.end !== null;
  }

  /** Ends the copy as one that did not come in time. */
  giveUp(): void {
    this.endAs('late');
  }

  async result(compared: readonly string[]): Promise<MirroredCopy> {
    const { end, capture, headUs } = this;
    if (end === 'answered' && capture !== null) {
      const answer = reduceAnswer(await capture.raw(), compared);
      return { outcome: { kind: 'answered', answer }, headUs };
    }
    return { outcome: { kind: end === null || end === 'answered' ? 'reset' : end }, headUs };
  }

  onConnect(abort: (reason?: Error) => void): void {
    if (this.hasEnded) {
      abort(new CopyEnded());
      return;
    }
    this.abort = abort;
  }

  onHeaders(status: number, rawHeaders: readonly Buffer[]): boolean {
    if (status < 200 || this.hasEnded) return true;
    this.headUs = Number(this.nowNs() - this.startedNs) / 1e3;
    this.capture = new AnswerCapture(status, rawHeaders);
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.hasEnded || this.capture === null) return true;
    this.capture.received(chunk);
    if (this.capture.length > BODY_BYTES_MAX) this.endAs('answered');
    return true;
  }

  onComplete(): void {
    this.endAs('answered');
  }

  onUpgrade(_status: number, _rawHeaders: readonly Buffer[], socket: Duplex): void {
    socket.destroy();
    this.endAs('reset');
  }

  onError(): void {
    // undici names the connection just before it writes; without one there was none.
    this.endAs(this.abort === null ? 'refused' : 'reset');
  }

  private endAs(end: End): void {
    if (this.hasEnded) return;
    this.end = end;
    // After an answer that is whole this does nothing.
    this.abort?.(new CopyEnded());
    this.ended();
  }
}
