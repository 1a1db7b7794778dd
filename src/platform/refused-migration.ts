/** What PostgreSQL says of a migration, in the words of a failure. */
import { DatabaseError } from 'pg';
import { operationalError } from '../core/operational-error.ts';
import { isSessionLost, lostSession } from './lost-session.ts';

const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK = '40P01';

/** Whether what was under way came to its end, nobody knows of a session that was lost. What says nothing is left as it is. */
export function refusedMigration(error: unknown, what: string, text = ''): unknown {
  if (isSessionLost(error)) return lostSession(error, 'unknown');
  return error instanceof DatabaseError ? explained(error, what, text) : error;
}

function explained(error: DatabaseError, what: string, text: string): Error {
  const { code, message, position, detail } = error;
  const line = position === undefined ? '' : `, line ${lineOf(text, Number(position))}`;
  const more = detail === undefined ? '' : ` ${detail}`;
  const isBlocked = code === LOCK_NOT_AVAILABLE || code === DEADLOCK;
  return operationalError(
    isBlocked ? 'migration-blocked' : 'migration-failed',
    `${what}${line}: ${message}.${more}`,
    { cause: error, effect: 'none' },
  );
}

/** PostgreSQL counts characters from 1. */
function lineOf(text: string, position: number): number {
  return [...text].slice(0, position - 1).filter((character) => character === '\n').length + 1;
}
