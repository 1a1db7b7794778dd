/**
 * The right to drive: a session advisory lock on a connection of its own. A process that loses the
 * connection begins no further command; fencing tokens refuse what it may still have on the way.
 */
import type pg from 'pg';
import type { Clock } from '../platform/clock.ts';
import { keepSession } from '../store/keep-session.ts';

export interface ControllerLock {
  /** Whether the lock was held when last looked, at most a heartbeat ago. */
  isHeld(): boolean;
  /** Resolves as soon as the lock is held, however long that takes. */
  untilHeld(): Promise<void>;
  close(): Promise<void>;
}

const HEARTBEAT_MS = 1_000;
const RETRY_MS = 200;
const WAIT_MS = 20;

/** Keeps trying in the background until closed; never throws for an absent server. */
export function holdControllerLock(options: {
  readonly connectionString: string;
  /** What is locked: the id under which this process owns workflows. */
  readonly executorId: string;
  readonly clock: Clock;
}): ControllerLock {
  const { connectionString, executorId, clock } = options;
  let held = false;
  const session = keepSession({
    connectionString,
    name: 'surefoot-lock',
    clock,
    async beat(client) {
      if (held) await client.query('select 1');
      else held = await tryLock(client, executorId);
      return held ? HEARTBEAT_MS : RETRY_MS;
    },
    onLost: () => (held = false),
  });
  return {
    isHeld: () => held,
    async untilHeld() {
      while (!held) await clock.sleep(WAIT_MS);
    },
    close: () => session.close(),
  };
}

async function tryLock(client: pg.Client, executorId: string): Promise<boolean> {
  const result = await client.query<{ locked: boolean }>(
    `select pg_try_advisory_lock(hashtextextended($1, 0)) as locked`,
    [`surefoot executor ${executorId}`],
  );
  return result.rows[0]?.locked === true;
}
