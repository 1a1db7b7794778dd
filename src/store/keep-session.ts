/**
 * One session with the database, opened again whenever it breaks: what a lock and a listener live on.
 * Both sides notice within seconds that the other is gone, also when no packet says so.
 */
import pg from 'pg';
import type { Clock } from '../platform/clock.ts';

export interface KeptSession {
  /** Ends the session; resolves when nothing of it runs any more. */
  close(): Promise<void>;
}

const ANSWER_TIMEOUT_MS = 2_000;
/** The server ends a session that is not heard of; whoever holds it knows that before. */
const IDLE_TIMEOUT_MS = 5_000;
const RECONNECT_MS = 200;

/** Keeps trying in the background until closed; never throws for an absent server. */
export function keepSession(options: {
  readonly connectionString: string;
  readonly name: string;
  readonly clock: Clock;
  /**
   * Called in a new session, and again after as many ms as it returns, at most 2000; ends the session
   * by throwing.
   */
  readonly beat: (client: pg.Client) => Promise<number>;
  /** Called when a session has ended. */
  readonly onLost: () => void;
}): KeptSession {
  const { clock, onLost } = options;
  const closed = new AbortController();

  async function keepOnce(): Promise<void> {
    const client = new pg.Client({
      connectionString: options.connectionString,
      connectionTimeoutMillis: ANSWER_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      application_name: options.name,
      options: `-c idle_session_timeout=${IDLE_TIMEOUT_MS}`,
    });
    const broken = new AbortController();
    client.on('error', () => broken.abort());
    client.on('end', () => {
      onLost();
      broken.abort();
    });
    const stop = AbortSignal.any([broken.signal, closed.signal]);
    try {
      await client.connect();
      while (!stop.aborted) {
        const nextMs = await options.beat(client);
        await clock.sleep(nextMs, stop).catch(() => undefined);
      }
    } finally {
      onLost();
      client.end().catch(() => undefined);
    }
  }

  async function keepUntilClosed(): Promise<void> {
    while (!closed.signal.aborted) {
      // The server is away or the connection broke: trying again is the cure.
      await keepOnce().catch(() => undefined);
      await clock.sleep(RECONNECT_MS, closed.signal).catch(() => undefined);
    }
  }

  const ended = keepUntilClosed();
  return {
    async close() {
      closed.abort();
      await ended;
    },
  };
}
