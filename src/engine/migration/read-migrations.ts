/** The migrations of a folder, in the order of their names, each judged by what it says. */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { judgeMigration } from '../../core/migration/judge-migration.ts';
import type { MigrationFinding } from '../../core/migration/migration-judgement.ts';
import type { SortableMigration } from '../../core/migration/sort-migrations.ts';
import { OperationalError, operationalError } from '../../core/operational-error.ts';
import type { MigrationText } from '../../drivers/contract.ts';
import { isSystemError } from '../../platform/is-system-error.ts';
import { readPlainFile } from '../../platform/read-plain-file.ts';
import { parseSqlBytes, SQL_BYTES_MAX } from '../../platform/parse-sql.ts';

export type ReadMigration = SortableMigration & Pick<MigrationText, 'text'>;

/** Throws `migration-invalid` with the file and the place in it. */
export async function readMigrations(folder: string): Promise<readonly ReadMigration[]> {
  const read: ReadMigration[] = [];
  for (const name of await namesIn(folder)) read.push(await readOne(folder, name));
  return read;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const message = `The folder of migrations cannot be read: ${error.message}.`;
    throw operationalError('migration-invalid', message, { cause: error });
  }
}

async function readOne(folder: string, name: string): Promise<ReadMigration> {
  try {
    const bytes = await readPlainFile(join(folder, name), SQL_BYTES_MAX);
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    // Whoever applies it sets a limit itself.
    const judged = judgeMigration(await parseSqlBytes(bytes), { hasLockTimeout: true });
    const of = (group: MigrationFinding['group']): string[] =>
      judged.findings.filter((found) => found.group === group).map(sentenceOf);
    return {
      // Without a mark of its byte order.
      text: new TextDecoder().decode(bytes),
      ...{ name, digest, isTransaction: judged.isTransaction },
      ...{ migrationClass: judged.migrationClass, dangers: of('danger'), questions: of('open') },
    };
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    const message = `${name}: ${error.message}`;
    throw operationalError('migration-invalid', message, { cause: error });
  }
}

function sentenceOf({ place, subject, sentence, remedy }: MigrationFinding): string {
  const what = subject === '' ? '' : `${subject}: `;
  return `Line ${place.line}: ${what}${sentence}. ${remedy}`;
}
