/** Marks a moment in the log of a running cluster, and holds a snapshot of each of its databases at just that moment. */
import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import {
  endedMeanwhile,
  undecidedTransactions,
} from '../../../core/backup/undecided-transactions.ts';
import { operationalError } from '../../../core/operational-error.ts';
import type { Clock } from '../../../platform/clock.ts';
import { queryOne } from '../../../platform/query-one.ts';
import { serverTime, walFileAt, type WalFile } from './wal-of-server.ts';

const TRIES = 200;
/** In so long a commit that is under way comes to its end. */
const COMMIT_MS = 50;

export interface ChosenMoment {
  readonly restorePoint: string;
  /** The segment of the log that holds it. */
  readonly last: WalFile;
  /** RFC 3339, by the server's clock: not before it. */
  readonly at: string;
  readonly undecided: readonly string[];
}

interface Choosing {
  readonly control: Client;
  /** One per database; each is left within a transaction that sees it as it was at the moment. */
  readonly sessions: readonly Client[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Looks, marks, and looks again. A transaction that runs at the mark may have written its commit before it already, and be
 * seen only later: a moment counts when none runs, or only such as go on running. The cluster that is restored to it tells
 * for sure. Throws `backup-unverifiable` when there is no such moment.
 */
export async function chooseMoment({
  control,
  sessions,
  clock,
  signal,
}: Choosing): Promise<ChosenMoment> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const restorePoint = `surefoot-${randomBytes(8).toString('hex')}`;
    const seen = await Promise.all(sessions.map(beginSnapshot));
    const marked = 'SELECT pg_create_restore_point($1)::text AS lsn';
    const { lsn } = await queryOne<{ lsn: string }>(control, marked, restorePoint);
    const undecided = openBetween(seen, await snapshotOf(control));
    if (undecided && (await doAllGoOn(control, undecided, { clock, signal }))) {
      const at = await serverTime(control);
      const last = await walFileAt(control, lsn);
      // Only now is the mark on the disk.
      await control.query('SELECT pg_switch_wal()');
      return { restorePoint, last, at: new Date(Date.parse(at) + 1).toISOString(), undecided };
    }
  }
  const message = `In ${TRIES} looks there was no moment at which no transaction was about to end: too much is written.`;
  throw operationalError('backup-unverifiable', message);
}

async function doAllGoOn(
  control: Client,
  undecided: readonly string[],
  { clock, signal }: Pick<Choosing, 'clock' | 'signal'>,
): Promise<boolean> {
  if (undecided.length === 0) return true;
  await clock.sleep(COMMIT_MS, signal);
  return endedMeanwhile(undecided, await snapshotOf(control)).length === 0;
}

/** The transactions that any of the snapshots leaves open. */
function openBetween(seen: readonly string[], after: string): readonly string[] | null {
  const all = new Set<string>();
  for (const snapshot of seen) {
    const undecided = undecidedTransactions(snapshot, after);
    if (!undecided) return null;
    for (const transaction of undecided) all.add(transaction);
  }
  return [...all];
}

async function beginSnapshot(session: Client): Promise<string> {
  await session.query('ROLLBACK');
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  return snapshotOf(session);
}

async function snapshotOf(client: Client): Promise<string> {
  const query = 'SELECT pg_current_snapshot()::text AS snapshot';
  return (await queryOne<{ snapshot: string }>(client, query)).snapshot;
}
