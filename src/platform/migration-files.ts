/** Reads the files of a folder of migrations. */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { UpPart } from '../core/migration/up-part.ts';
import { OperationalError, operationalError } from '../core/operational-error.ts';
import type { MigrationFile } from '../core/migration/migration-file.ts';
import { isSystemError } from './is-system-error.ts';
import { SQL_BYTES_MAX, sqlTextOf } from './parse-sql.ts';
import { readPlainFile } from './read-plain-file.ts';

/** Files alone, whatever they are called, in the order of their names. Throws `migration-invalid`. */
export async function migrationNames(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() ? [] : entry.name)).sort();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const message = `The folder of migrations cannot be read: ${error.message}.`;
    throw operationalError('migration-invalid', message, { cause: error });
  }
}

/** Without a mark of its byte order. Throws `migration-invalid` for what is not in UTF-8. */
export async function readMigrationText(folder: string, name: string): Promise<string> {
  try {
    return sqlTextOf(await readPlainFile(join(folder, name), SQL_BYTES_MAX));
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    throw operationalError('migration-invalid', `${name}: ${error.message}`, { cause: error });
  }
}

/** Of SQL: what is run of it, by the rules of `upPart`. */
export async function readSqlFile(
  folder: string,
  name: string,
  upPart: (text: string) => UpPart,
): Promise<MigrationFile> {
  const part = upPart(await readMigrationText(folder, name));
  if (part.kind === 'wrong') {
    throw operationalError('migration-invalid', `${name}: ${part.because}`);
  }
  const { text, isTransaction } = part;
  const path = join(folder, name);
  return { name, path, text, digest: digestOfText(text), isTransaction, unread: null };
}

export function digestOfText(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
