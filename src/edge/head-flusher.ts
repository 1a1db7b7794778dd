/**
 * Sends response heads whose body is not there yet, once per turn of the event loop: an event stream
 * opens at once, while a common answer leaves with its body in one packet.
 */
import type { ServerResponse } from 'node:http';

export interface HeadFlusher {
  flushSoon(response: ServerResponse): void;
}

export function createHeadFlusher(): HeadFlusher {
  let waiting: ServerResponse[] = [];

  function flush(): void {
    const responses = waiting;
    waiting = [];
    for (const response of responses) {
      if (!response.writableEnded && !response.destroyed) response.flushHeaders();
    }
  }

  return {
    flushSoon(response) {
      if (waiting.push(response) === 1) setImmediate(flush);
    },
  };
}
