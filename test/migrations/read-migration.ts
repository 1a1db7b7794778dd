/** The migrations of this folder, as text and as they are judged. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeMigration } from '../../src/core/migration/judge-migration.ts';
import type { MigrationJudgement } from '../../src/core/migration/migration-judgement.ts';
import { parseSql } from '../../src/platform/parse-sql.ts';

export function migrationText(file: string): string {
  return readFileSync(join(import.meta.dirname, file), 'utf8');
}

export async function judged(sql: string): Promise<MigrationJudgement> {
  return judgeMigration(await parseSql(sql));
}
