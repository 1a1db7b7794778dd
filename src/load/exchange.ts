/** One request and what became of it: the handler that undici calls. The body of its answer is dropped as it comes. */
import type { Dispatcher } from 'undici';
import type { Connection } from './connections.ts';
import { failureKindOf } from './failure-kind.ts';
import type { LoadRecord } from './load-record.ts';

export interface Exchange {
  readonly dueMs: number;
  readonly record: LoadRecord;
  /** While it is on one. */
  connection: Connection | null;
  /** Right before the first byte was written; null before. */
  sentMs: number | null;
  status: number | null;
  hasEnded: boolean;
}

export function newExchange(dueMs: number, record: LoadRecord): Exchange {
  return { dueMs, record, connection: null, sentMs: null, status: null, hasEnded: false };
}

/** `onEnd` is called once, with what went wrong if something has. */
export function exchangeHandler(
  exchange: Exchange,
  nowMs: () => number,
  onEnd: (failure: string | null) => void,
): Dispatcher.DispatchHandler {
  return {
    onRequestStart() {
      exchange.sentMs = nowMs();
    },
    onResponseStart(_controller, status) {
      // Of several the last: those before are in advance of it.
      exchange.status = status;
    },
    onResponseData: () => undefined,
    onResponseEnd: () => onEnd(null),
    onResponseError: (_controller, error) => onEnd(failureKindOf(error)),
  };
}
