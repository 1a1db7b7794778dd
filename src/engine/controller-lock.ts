/**
 * The right to drive: a session advisory lock on a connection of its own, the same for all servers on
 * one database. A process that loses the connection begins no further command; when another one has
 * driven since, it is replaced for good: terms and fencing tokens refuse what it still has on the way.
 */
import type pg from 'pg';
import { elapsedMs, type Clock } from '../platform/clock.ts';
import { beginTerm, presentTerm, type DriverTerm } from '../store/driver-term.ts';
import { keepSession } from '../store/keep-session.ts';

export interface ControllerLock {
  /** Whether the lock was held when last heard of, a few seconds ago at most. */
  isHeld(): boolean;
  /** Resolves as soon as the lock is held, however long that takes. */
  untilHeld(): Promise<void>;
  close(): Promise<void>;
}

export interface DriverLock extends ControllerLock {
  /** Since the lock was held for the first time; one process drives in one term only. */
  term(): DriverTerm;
  /** Resolves when the database has said for the first time that somebody else holds the lock. */
  untilRefused(): Promise<void>;
}

const HEARTBEAT_MS = 1_000;
const RETRY_MS = 200;
const WAIT_MS = 20;
/**
 * The server ends a session that it has not heard of for five seconds. Whoever was frozen for longer
 * must not believe, at the first moment, what was true before.
 */
const HEARD_MS_MAX = 4_000;
/** The same for every server of every version: they exclude each other. */
const LOCK_NAME = 'surefoot executor server';

/**
 * Keeps trying in the background until closed; never throws for an absent server. The database's schema
 * must be up to date.
 */
export function holdControllerLock(options: {
  readonly connectionString: string;
  readonly clock: Clock;
  /** Called when another process has driven since this one did; it must not go on. */
  readonly onReplaced: () => void;
}): DriverLock {
  const { connectionString, clock } = options;
  const refused = Promise.withResolvers<undefined>();
  let term: DriverTerm = null;
  /** When the last question was sent that was answered; null while the lock is not held. */
  let heardNs: bigint | null = null;

  const isHeld = (): boolean => heardNs !== null && elapsedMs(clock, heardNs) < HEARD_MS_MAX;

  async function takeLock(client: pg.Client): Promise<boolean> {
    const isLocked = await tryLock(client);
    if (term !== null && (await presentTerm(client)) !== term) {
      options.onReplaced();
      // Where that does not end the process, it at least ends the session and with it the lock.
      throw new Error('Another server has driven since.');
    }
    if (!isLocked) {
      refused.resolve(undefined);
      return false;
    }
    term ??= await beginTerm(client);
    return true;
  }

  const session = keepSession({
    connectionString,
    name: 'surefoot-lock',
    clock,
    async beat(client) {
      const sentNs = clock.monotonicNs();
      if (heardNs !== null) await client.query('select 1');
      else if (!(await takeLock(client))) return RETRY_MS;
      heardNs = sentNs;
      return HEARTBEAT_MS;
    },
    onLost: () => (heardNs = null),
  });
  return {
    isHeld,
    async untilHeld() {
      while (!isHeld()) await clock.sleep(WAIT_MS);
    },
    untilRefused: () => refused.promise,
    term: () => term,
    close: () => session.close(),
  };
}

async function tryLock(client: pg.Client): Promise<boolean> {
  const result = await client.query<{ locked: boolean }>(
    `select pg_try_advisory_lock(hashtextextended($1, 0)) as locked`,
    [LOCK_NAME],
  );
  return result.rows[0]?.locked === true;
}
