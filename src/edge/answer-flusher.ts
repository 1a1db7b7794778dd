/**
 * Writes what answers hold back, once per turn of the event loop. An event stream opens at once, and a
 * common answer leaves with its body in one packet. Written one after the other, answers wake whoever
 * waits for them once; each on its own would wake it anew.
 */
import type { ClientAnswer } from './client-answer.ts';

export interface AnswerFlusher {
  flushSoon(answer: Pick<ClientAnswer, 'flush'>): void;
  /** At once, for what is said on a connection comes behind what its requests were answered. */
  flushNow(): void;
}

export function createAnswerFlusher(): AnswerFlusher {
  let waiting: Pick<ClientAnswer, 'flush'>[] = [];

  function flushNow(): void {
    const answers = waiting;
    waiting = [];
    for (const answer of answers) answer.flush();
  }

  return {
    flushNow,
    flushSoon(answer) {
      if (waiting.push(answer) === 1) setImmediate(flushNow);
    },
  };
}
