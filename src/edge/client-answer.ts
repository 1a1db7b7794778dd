/** The one answer that a client gets: an endpoint's, passed on as it comes, or one of the edge's own. */
import { sendEdgeError, type EdgeError } from './edge-error.ts';
import type { EdgeResponse } from './edge-response.ts';
import type { ExchangeRequest } from './exchange-request.ts';
import { returnedTrailers } from './returned-headers.ts';
import { sendHead, type AnswerHead } from './send-head.ts';

/** A longer body is cheaper written beside its head than copied behind it. */
const FIRST_CHUNK_BYTES_MAX = 8 * 1024;

export class ClientAnswer {
  /** Nothing more is to be done for the client: answered in full, cut off, or gone. */
  isOver = false;
  /** It has no end of its own, and may be silent. */
  isStream = false;
  /** The head has yet to be written, with the body's first chunk: a small answer goes out in one write. */
  private isUnwritten = false;
  private firstChunk: Buffer | null = null;
  /** All that comes is there. */
  private isComplete = false;
  private readonly request: Pick<ExchangeRequest, 'message' | 'response'>;

  constructor(request: Pick<ExchangeRequest, 'message' | 'response'>) {
    this.request = request;
  }

  get hasBegun(): boolean {
    return this.request.response.headersSent;
  }

  /** Whether it is the client that does not take what has come. */
  get isBlocked(): boolean {
    return this.request.response.writableNeedDrain;
  }

  /** False when the endpoint's head cannot be passed on. Whoever begins it flushes it soon. */
  begin(head: AnswerHead): boolean {
    const { response, message } = this.request;
    const sent = sendHead(response, message, head);
    if (sent === null) return false;
    this.isStream = sent.isStream;
    this.isUnwritten = true;
    return true;
  }

  /** Writes what has waited. */
  flush(): void {
    const { response } = this.request;
    const { isUnwritten, firstChunk } = this;
    this.isUnwritten = false;
    this.firstChunk = null;
    if (!isUnwritten || response.writableEnded || response.destroyed) return;
    if (this.isComplete) endWith(response, firstChunk);
    else if (firstChunk === null) response.flushHeaders();
    else response.write(firstChunk);
  }

  /** False to wait until the client has taken what there is. */
  write(chunk: Buffer, owner: { clientDrained(): void }): boolean {
    const { response } = this.request;
    if (this.isUnwritten && this.firstChunk === null && chunk.length <= FIRST_CHUNK_BYTES_MAX) {
      this.firstChunk = chunk;
      return true;
    }
    if (this.isUnwritten) this.flush();
    if (response.write(chunk)) return true;
    if (!response.hearsDrain) {
      response.hearsDrain = true;
      response.on('drain', () => owner.clientDrained());
    }
    return false;
  }

  /** What has waited still does. */
  end(rawTrailers: readonly Buffer[] | null): void {
    const { response } = this.request;
    this.isOver = true;
    this.isComplete = true;
    if (rawTrailers !== null && rawTrailers.length > 0) {
      response.addTrailers(returnedTrailers(rawTrailers));
    }
    if (!this.isUnwritten) response.end();
  }

  fail(error: EdgeError): void {
    if (this.isOver) return;
    this.isOver = true;
    sendEdgeError(this.request.response, this.request.message, error);
  }

  /** A cut connection is the only way left to say that the answer is not whole. */
  cut(): void {
    this.isOver = true;
    this.request.response.destroy();
  }
}

function endWith(response: EdgeResponse, body: Buffer | null): void {
  if (body === null) response.end();
  // As text Node joins it to the head; bytes would be a second part of the write, which costs more.
  else response.end(body.toString('latin1'), 'latin1');
}
