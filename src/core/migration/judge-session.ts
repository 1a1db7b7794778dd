/** Settings of the session, and code that is run: `DO`, `CALL`, `EXECUTE`. */
import type { VariableSetStmt } from '@pgsql/types';
import { judgedAs, type Judged } from './judged.ts';
import { nothingMade, type MadeHere } from './made-here.ts';
import { shown } from './name-of.ts';

/** They change how long something may take, not what it does. */
const limits = new Set([
  ...['lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout'],
  ...['transaction_timeout', 'client_min_messages', 'deadlock_timeout', 'maintenance_work_mem'],
  ...['max_parallel_maintenance_workers', 'application_name'],
]);

/** What names mean, and which triggers run, is another thing after these. */
const meanings = new Set([
  'search_path',
  'role',
  'session_authorization',
  'session_replication_role',
]);

export function changesMeaning({ kind, name = '' }: VariableSetStmt): boolean {
  return meanings.has(name) || kind === 'VAR_RESET_ALL';
}

export function judgeSetting(statement: VariableSetStmt, made: MadeHere): Judged {
  const { kind, name = 'TRANSACTION', is_local: isLocal } = statement;
  const after = changesMeaning(statement) ? nothingMade : made;
  if (kind === 'VAR_RESET' || kind === 'VAR_RESET_ALL' || kind === 'VAR_SET_DEFAULT') {
    return judgedAs(after);
  }
  if (name === 'session_replication_role') {
    return judgedAs(after, { hazards: [['statement-unknown', name]] });
  }
  const isLeft = isLocal !== true && !limits.has(name) && kind !== 'VAR_SET_MULTI';
  return judgedAs(after, { hazards: isLeft ? [['setting-left', shown(name)]] : [] });
}

/** Afterwards nothing is known to be as the file has made it. */
export function judgeCode(subject: string): Judged {
  return judgedAs(nothingMade, { hazards: [['code-run', subject]] });
}

/** Milliseconds or more; `0` and `DEFAULT` wait for ever. Null when it is about something else. */
export function lockTimeoutSet({ kind, name, args }: VariableSetStmt): boolean | null {
  if (kind === 'VAR_RESET_ALL') return false;
  if (name !== 'lock_timeout') return null;
  return (
    kind === 'VAR_SET_VALUE' && /"(?:ival|sval|fval)":"?[^"}]*[1-9]/.test(JSON.stringify(args))
  );
}
