/**
 * Renames databases of a server in one transaction: after a crash all of them are renamed, or none. PostgreSQL lets nobody in
 * to one that is being renamed, and waits a few seconds until those have gone who are.
 */
import { DatabaseError, type Client } from 'pg';
import { operationalError } from '../core/operational-error.ts';
import type { Clock } from './clock.ts';
import { openPostgres } from './open-postgres.ts';

const POLL_MS = 50;
/** Source: https://www.postgresql.org/docs/15/errcodes-appendix.html, object_in_use. */
const IN_USE = '55006';

export interface Renaming {
  readonly url: string;
  /** One that is not renamed itself. */
  readonly through: string;
  /** One behind the other. */
  readonly renames: readonly (readonly [from: string, to: string])[];
  /** Whoever is in one of them is sent away. */
  readonly endSessions: boolean;
  readonly clock: Clock;
}

/** Throws `not-switched` while somebody is in one of them and need not go; all is as it was then. */
export async function renameDatabases(renaming: Renaming): Promise<void> {
  const { url, through, renames, endSessions } = renaming;
  const client = await openPostgres(url, through);
  try {
    await client.query('BEGIN');
    const renamed = renameAll(client, renames);
    if (endSessions) await sendAwayUntil(renamed, renaming);
    await renamed;
    await client.query('COMMIT');
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== IN_USE) throw error;
    const message = `${sentence(error.message)}${error.detail === undefined ? '' : ` ${error.detail}`}`;
    throw operationalError('not-switched', message, { cause: error });
  } finally {
    await client.end();
  }
}

async function renameAll(client: Client, renames: Renaming['renames']): Promise<void> {
  for (const [from, to] of renames) {
    await client.query(
      `ALTER DATABASE ${client.escapeIdentifier(from)} RENAME TO ${client.escapeIdentifier(to)}`,
    );
  }
}

/** While the rename waits nobody new gets in, so that who comes again at once does not keep it up. */
async function sendAwayUntil(
  renamed: Promise<void>,
  { url, through, renames, clock }: Renaming,
): Promise<void> {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  void renamed.then(end, end);
  const client = await openPostgres(url, through);
  try {
    while (!ended.signal.aborted) {
      await client.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY ($1) AND backend_type = 'client backend'",
        [renames.map(([from]) => from)],
      );
      await clock.sleep(POLL_MS, ended.signal).catch(() => undefined);
    }
  } finally {
    await client.end();
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
