/** What SQLite's errors say of a backup. */
import { operationalError } from '../../../core/operational-error.ts';
import { damagedBackup } from '../../../core/backup/damaged-backup.ts';
import { unverifiableBy } from '../../../platform/unverifiable-by.ts';

/** Source: https://sqlite.org/rescode.html, primary codes. */
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

interface SqliteError extends Error {
  readonly errcode: number;
}

export function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
}

export function isSqliteDamage(error: unknown): error is SqliteError {
  return isSqliteError(error) && [CORRUPT, NOT_A_DATABASE].includes(error.errcode & 0xff);
}

/** Of the one that is taken, or for want of something here. */
export function unverifiableBySqlite(error: unknown): unknown {
  if (!isSqliteError(error)) return unverifiableBy(error);
  return operationalError('backup-unverifiable', `SQLite says: ${error.message}.`, {
    cause: error,
  });
}

/** Of one that was restored. */
export function damagedBySqlite(error: unknown): unknown {
  if (!isSqliteDamage(error)) return unverifiableBySqlite(error);
  return damagedBackup(`SQLite says: ${error.message}`, error);
}
