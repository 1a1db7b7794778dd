/** What is thrown of a session with somebody's PostgreSQL that broke in the middle. */
import { DatabaseError } from 'pg';
import type { Effect } from '../core/failures.ts';
import { operationalError } from '../core/operational-error.ts';

/** Of the client, whose server has gone. */
const LOST = /Connection terminated|Client has encountered a connection error|not queryable/;
/** The server says so itself when it is stopped, or crashes. */
const ENDED = new Set(['57P01', '57P02', '57P03']);

export function isSessionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof DatabaseError) return ENDED.has(error.code ?? '');
  const code = 'code' in error ? String(error.code) : '';
  return code === 'ECONNRESET' || code === 'EPIPE' || LOST.test(error.message);
}

/** `database-unreachable` for a session that was lost; everything else as it is. `effect`: of what was asked last. */
export function lostSession(error: unknown, effect: Effect): unknown {
  if (!(error instanceof Error) || !isSessionLost(error)) return error;
  const message = `The session with the database was lost: ${error.message}.`;
  return operationalError('database-unreachable', message, { cause: error, effect });
}
