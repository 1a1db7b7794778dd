/** A session of somebody's PostgreSQL in which one moment is read, and nothing is changed. */
import type { Client } from 'pg';
import { lostSession } from './lost-session.ts';
import { openPostgres } from './open-postgres.ts';

const STATEMENT_MS_MAX = 30_000;

/** Throws `database-unreachable`, and what the signal says. */
export async function withSnapshot<Result>(
  url: string,
  signal: AbortSignal,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = await openPostgres(url);
  // Its session is broken off; what it asks for is read only, and has a limit of its own.
  const stop = (): void => void client.end();
  signal.addEventListener('abort', stop);
  try {
    signal.throwIfAborted();
    await client.query(`SET statement_timeout = ${STATEMENT_MS_MAX}`);
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return await work(client);
  } catch (error) {
    signal.throwIfAborted();
    throw lostSession(error, 'none');
  } finally {
    signal.removeEventListener('abort', stop);
    await client.end();
  }
}
