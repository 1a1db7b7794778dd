/** Files that only a program understands: what they are is what their author says. */
import { join } from 'node:path';
import { authorMarks } from '../../../core/migration/author-mark.ts';
import type { MigrationFile } from '../../../core/migration/migration-file.ts';
import { scriptMarks } from '../../../core/migration/script-marks.ts';
import {
  digestOfText,
  migrationNames,
  readMigrationText,
} from '../../../platform/migration-files.ts';
import type { CommandConfig } from './config.ts';

export async function readUnjudged(
  folder: string,
  { extension = '', class: usual }: Pick<CommandConfig, 'extension' | 'class'>,
): Promise<readonly MigrationFile[]> {
  const all = await migrationNames(folder);
  const names = all.filter((name) => !name.startsWith('.') && name.endsWith(extension));
  const read: MigrationFile[] = [];
  for (const name of names) {
    const text = await readMigrationText(folder, name);
    const says = wordOf(text) ?? usual ?? null;
    read.push({
      ...{ name, path: join(folder, name), text, digest: digestOfText(text), isTransaction: true },
      unread: { says, because: says === null ? `${UNKNOWN} ${ANSWER}` : UNKNOWN },
    });
  }
  return read;
}

const UNKNOWN = 'What its program does with it is known when it has done it.';
const ANSWER =
  'Say in a comment at its head `surefoot: expand because …` or `surefoot: contract`, or `class` for all of them.';

function wordOf(text: string): 'expand' | 'contract' | null {
  const start = { line: 1, column: 1, offset: 0 };
  const comments = scriptMarks(text).map((mark) => ({ text: mark, place: start }));
  return authorMarks(comments, null).mark?.says ?? null;
}
