import type { Answer } from './outcome.ts';

/** One open SSE stream or WebSocket. */
export interface Session {
  /** Resolves when the session is over, by either side. */
  readonly ended: Promise<Answer>;
  /** Ends it from our side; `ended` then says `ok`. */
  close(): void;
}

export interface KeptSession {
  stop(): Promise<void>;
}

/**
 * Keeps one long-lived session open as a browser does: when it ends, politely or not, it is recorded
 * and opened again, until stopped.
 */
export function keepSession(options: {
  readonly open: () => Session;
  readonly record: (answer: Answer, openedAtMs: number) => void;
  readonly nowMs: () => number;
  readonly retryDelayMs: number;
}): KeptSession {
  const stopping = new AbortController();
  const finished = keep();
  return {
    async stop() {
      stopping.abort();
      await finished;
    },
  };

  async function keep(): Promise<void> {
    while (!stopping.signal.aborted) {
      const openedAtMs = options.nowMs();
      const session = options.open();
      const close = (): void => {
        session.close();
      };
      stopping.signal.addEventListener('abort', close);
      const answer = await session.ended;
      stopping.signal.removeEventListener('abort', close);
      options.record(answer, openedAtMs);
      await pause(options.retryDelayMs, stopping.signal);
    }
  }
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, durationMs);
    signal.addEventListener('abort', done);
  });
}
