/** What an error says of a backup that comes out of the work with it. */
import { DatabaseError } from 'pg';
import { OperationalError, operationalError } from '../core/operational-error.ts';
import { isSystemError } from './is-system-error.ts';
import { isSessionLost } from './lost-session.ts';

/**
 * `backup-unverifiable` for what says nothing of it: a full disk, a server that is gone. Everything else as it is: a bug
 * stays one.
 */
export function unverifiableBy(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof OperationalError) return error;
  const why = causeOf(error);
  return why === null ? error : operationalError('backup-unverifiable', why, { cause: error });
}

/** For `catch`. */
export function throwUnverifiable(error: unknown): never {
  throw unverifiableBy(error);
}

function causeOf(error: Error): string | null {
  if (error instanceof DatabaseError) return `The server says: ${error.message}.`;
  if (isSystemError(error)) return `The system says: ${error.message}.`;
  return isSessionLost(error) ? `The server is gone: ${error.message}.` : null;
}

/** By its own checksums and structures; class XX of PostgreSQL is what cannot be. */
export function isDataDamaged(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && (error.code ?? '').startsWith('XX');
}
