/** The migrations of a folder, as its driver reads them, each judged by what it says. */
import { judgeMigration } from '../../core/migration/judge-migration.ts';
import type { MigrationFinding } from '../../core/migration/migration-judgement.ts';
import type { MigrationFile, MigrationText } from '../../core/migration/migration-file.ts';
import type { SortableMigration } from '../../core/migration/sort-migrations.ts';
import { OperationalError, operationalError } from '../../core/operational-error.ts';
import type { Migrator } from '../../drivers/contract.ts';
import { parseSql } from '../../platform/parse-sql.ts';

export interface ReadMigration {
  readonly judged: SortableMigration;
  readonly text: MigrationText;
}

/** Throws `migration-invalid` with the file and the place in it. */
export async function readMigrations(
  migrator: Migrator,
  folder: string,
  signal: AbortSignal,
): Promise<readonly ReadMigration[]> {
  const files = await migrator.files(folder, { signal });
  const read: ReadMigration[] = [];
  const names = new Map<string, string>();
  for (const file of files) {
    const recordedAs = migrator.recordedAs(file.name);
    const other = names.get(recordedAs);
    if (other !== undefined) {
      const message = `${other} and ${file.name} are recorded by one name, ${recordedAs}: give one of them another.`;
      throw operationalError('migration-invalid', message);
    }
    names.set(recordedAs, file.name);
    read.push({ judged: { ...(await judgedFile(file)), recordedAs }, text: file });
  }
  return read;
}

async function judgedFile(file: MigrationFile): Promise<Omit<SortableMigration, 'recordedAs'>> {
  const { name, digest, isTransaction, unread, text } = file;
  if (unread) {
    const { says, because } = unread;
    const migrationClass = says ?? 'unknown';
    return {
      name,
      digest,
      isTransaction,
      migrationClass,
      dangers: [because],
      questions: [because],
    };
  }
  try {
    // Whoever applies it sets a limit itself.
    const judged = judgeMigration(await parseSql(text), { hasLockTimeout: true });
    const of = (group: MigrationFinding['group']): string[] =>
      judged.findings.filter((found) => found.group === group).map(sentenceOf);
    return {
      ...{ name, digest, isTransaction: isTransaction && judged.isTransaction },
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
