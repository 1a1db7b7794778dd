/** What the errors of a session with MariaDB say of a backup. */
import { OperationalError, operationalError } from '../core/operational-error.ts';
import { unverifiableBy } from './unverifiable-by.ts';

interface MariadbError extends Error {
  readonly errno: number;
  readonly sqlMessage: string;
}

export function isMariadbError(error: unknown): error is MariadbError {
  return error instanceof Error && 'errno' in error && 'sqlMessage' in error;
}

const LOST = new Set(['PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

/** `backup-unverifiable` for what says nothing of it; everything else as it is: a bug stays one. */
export function unverifiableByMariadb(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof OperationalError) return error;
  const why = causeOf(error);
  if (why === null) return unverifiableBy(error);
  return operationalError('backup-unverifiable', why, { cause: error });
}

/** For `catch`. */
export function throwUnverifiableMariadb(error: unknown): never {
  throw unverifiableByMariadb(error);
}

/** A session that was lost before cannot be asked, either. */
const CLOSED = "Can't add new command when connection is in closed state";

function causeOf(error: Error): string | null {
  const isLost = 'code' in error && LOST.has(String(error.code));
  if (isLost || error.message.includes(CLOSED)) return `The server is gone: ${error.message}`;
  return isMariadbError(error) ? `The server says: ${error.sqlMessage}.` : null;
}
