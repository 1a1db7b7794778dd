/**
 * Sends what answers hold back, once per turn of the event loop: an event stream opens at once, while
 * a common answer leaves with its body in one packet.
 */
import type { ClientAnswer } from './client-answer.ts';

export interface HeadFlusher {
  flushSoon(answer: Pick<ClientAnswer, 'flush'>): void;
}

export function createHeadFlusher(): HeadFlusher {
  let waiting: Pick<ClientAnswer, 'flush'>[] = [];

  function flush(): void {
    const answers = waiting;
    waiting = [];
    for (const answer of answers) answer.flush();
  }

  return {
    flushSoon(answer) {
      if (waiting.push(answer) === 1) setImmediate(flush);
    },
  };
}
