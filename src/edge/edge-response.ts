/** A response that knows its exchange, so that its events need no closures per request. */
import { ServerResponse } from 'node:http';
import type { Exchange } from './exchange.ts';

export class EdgeResponse extends ServerResponse {
  exchange: Exchange | null = null;
  /** Whether `drain` is listened for; most answers never need it. */
  hearsDrain = false;
}
