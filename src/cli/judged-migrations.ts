/** Migration files as they are judged, each for itself or as those of one deployment. */
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { judgeMigration } from '../core/migration/judge-migration.ts';
import { markedText, type MarkedText } from '../core/migration/marked-text.ts';
import { nothingMade, type MadeHere } from '../core/migration/made-here.ts';
import type { MigrationJudgement } from '../core/migration/migration-judgement.ts';
import { OperationalError } from '../core/operational-error.ts';
import { parseSql, SQL_BYTES_MAX, sqlTextOf } from '../platform/parse-sql.ts';
import { quoted } from './render/escape-text.ts';
import { usageError } from './usage-error.ts';

export type JudgedFile =
  | {
      readonly kind: 'judged';
      readonly file: string;
      /** The driver by whose rules it was read: what takes a migration back is not judged. */
      readonly readAs: 'sql' | MarkedText['driver'];
      readonly judgement: MigrationJudgement;
    }
  | { readonly kind: 'invalid'; readonly file: string; readonly because: string };

interface JudgingOptions {
  readonly cwd: string;
  /** What one of them has made is not known to old code in those after it. */
  readonly isTogether: boolean;
  readonly hasLockTimeout: boolean;
}

export async function judgedMigrations(
  files: readonly string[],
  { cwd, isTogether, hasLockTimeout }: JudgingOptions,
): Promise<JudgedFile[]> {
  const judged: JudgedFile[] = [];
  let made: MadeHere = nothingMade;
  for (const file of files) {
    const bytes = await bytesOf(resolve(cwd, file), file);
    const next = await judgedFile(file, bytes, hasLockTimeout, made);
    judged.push(next);
    if (isTogether && next.kind === 'judged') made = next.judgement.made;
  }
  return judged;
}

async function judgedFile(
  file: string,
  bytes: Buffer,
  hasLockTimeout: boolean,
  made: MadeHere,
): Promise<JudgedFile> {
  try {
    const text = sqlTextOf(bytes);
    const { driver: readAs, part } = markedText(text) ?? plain(text);
    if (part.kind === 'wrong') return { kind: 'invalid', file, because: part.because };
    const judged = judgeMigration(await parseSql(part.text), { hasLockTimeout, made });
    const isTransaction = judged.isTransaction && part.isTransaction;
    return { kind: 'judged', file, readAs, judgement: { ...judged, isTransaction } };
  } catch (error) {
    const isInvalid =
      error instanceof OperationalError && error.failure.code === 'migration-invalid';
    if (!isInvalid) throw error;
    return { kind: 'invalid', file, because: error.failure.message };
  }
}

function plain(text: string) {
  return { driver: 'sql', part: { kind: 'read', text, isTransaction: true } } as const;
}

async function bytesOf(path: string, file: string): Promise<Buffer> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw usageError(`${quoted(file)} is no file.`);
  if (found.size > SQL_BYTES_MAX) {
    throw usageError(`${quoted(file)} is longer than ${SQL_BYTES_MAX} bytes; is it a migration?`);
  }
  return await readFile(path);
}
