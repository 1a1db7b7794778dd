/** A response that knows whether its `drain` is listened for; most answers never need it. */
import { ServerResponse } from 'node:http';

export class EdgeResponse extends ServerResponse {
  hearsDrain = false;
}
