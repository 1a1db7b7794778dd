/**
 * The right to drive: a session advisory lock on a connection of its own. A process that loses the
 * connection begins no further command; fencing tokens refuse what it may still have on the way.
 */
import pg from 'pg';
import type { Clock } from '../platform/clock.ts';

export interface ControllerLock {
  /** Whether the lock was held when last looked, at most a heartbeat ago. */
  isHeld(): boolean;
  /** Resolves as soon as the lock is held, however long that takes. */
  untilHeld(): Promise<void>;
  close(): Promise<void>;
}

const HEARTBEAT_MS = 1_000;
const RECONNECT_MS = 200;
const WAIT_MS = 20;

/** Keeps trying in the background until closed; never throws for an absent server. */
export function holdControllerLock(options: {
  readonly connectionString: string;
  /** What is locked: the id under which this process owns workflows. */
  readonly executorId: string;
  readonly clock: Clock;
}): ControllerLock {
  const { clock } = options;
  const closed = new AbortController();
  let held = false;

  async function holdOnce(): Promise<void> {
    const client = new pg.Client({
      connectionString: options.connectionString,
      connectionTimeoutMillis: HEARTBEAT_MS * 2,
      query_timeout: HEARTBEAT_MS * 2,
      application_name: 'surefoot-lock',
    });
    const broken = new AbortController();
    client.on('error', () => broken.abort());
    client.on('end', () => {
      held = false;
      broken.abort();
    });
    const stop = AbortSignal.any([broken.signal, closed.signal]);
    try {
      await client.connect();
      while (!stop.aborted) {
        if (held) await client.query('select 1');
        else held = await tryLock(client, options.executorId);
        await clock.sleep(held ? HEARTBEAT_MS : RECONNECT_MS, stop).catch(() => undefined);
      }
    } finally {
      held = false;
      client.end().catch(() => undefined);
    }
  }

  async function holdUntilClosed(): Promise<void> {
    while (!closed.signal.aborted) {
      // The server is away or the connection broke: not driving is the answer, trying again the cure.
      await holdOnce().catch(() => undefined);
      await clock.sleep(RECONNECT_MS, closed.signal).catch(() => undefined);
    }
  }

  const ended = holdUntilClosed();
  return {
    isHeld: () => held,
    async untilHeld() {
      while (!held) await clock.sleep(WAIT_MS);
    },
    async close() {
      closed.abort();
      await ended;
    },
  };
}

async function tryLock(client: pg.Client, executorId: string): Promise<boolean> {
  const result = await client.query<{ locked: boolean }>(
    `select pg_try_advisory_lock(hashtextextended($1, 0)) as locked`,
    [`surefoot executor ${executorId}`],
  );
  return result.rows[0]?.locked === true;
}
