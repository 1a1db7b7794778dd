/** The one answer that a client gets: an endpoint's, passed on as it comes, or one of the edge's own. */
import { sendEdgeError, type EdgeError } from './edge-error.ts';
import type { ExchangeRequest } from './exchange-request.ts';
import { returnedTrailers } from './returned-headers.ts';
import { sendHead, type AnswerHead } from './send-head.ts';

export class ClientAnswer {
  /** Nothing more is to be done for the client: answered in full, cut off, or gone. */
  isOver = false;
  /** It has no end of its own, and may be silent. */
  isStream = false;
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

  /** False when the endpoint's head cannot be passed on. */
  begin(head: AnswerHead): boolean {
    const { response, message } = this.request;
    const sent = sendHead(response, message, head);
    if (sent === null) return false;
    this.isStream = sent.isStream;
    return true;
  }

  /** False to wait until the client has taken what there is. */
  write(chunk: Buffer, owner: { clientDrained(): void }): boolean {
    const { response } = this.request;
    if (response.write(chunk)) return true;
    if (!response.hearsDrain) {
      response.hearsDrain = true;
      response.on('drain', () => owner.clientDrained());
    }
    return false;
  }

  end(rawTrailers: readonly Buffer[] | null): void {
    const { response } = this.request;
    this.isOver = true;
    if (rawTrailers !== null && rawTrailers.length > 0) {
      response.addTrailers(returnedTrailers(rawTrailers));
    }
    response.end();
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
