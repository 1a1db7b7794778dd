/** What a client asks, as an exchange works with it. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { EdgeResponse } from './edge-response.ts';
import type { RequestBody } from './request-body.ts';

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
