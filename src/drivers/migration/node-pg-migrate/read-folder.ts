/** Reads a folder of node-pg-migrate: files of SQL, and scripts, which are asked for the SQL that they would run. */
import { join } from 'node:path';
import type { MigrationFile } from '../../../core/migration/migration-file.ts';
import { inOrder, numberOf } from './in-order.ts';
import { nodePgMigrateText } from '../../../core/migration/node-pg-migrate-text.ts';
import { scriptMarks } from '../../../core/migration/script-marks.ts';
import { operationalError } from '../../../core/operational-error.ts';
import {
  digestOfText,
  migrationNames,
  readMigrationText,
  readSqlFile,
} from '../../../platform/migration-files.ts';
import { printScripts, type Printed } from './print-scripts.ts';

const SCRIPT = /\.[cm]?[jt]s$/;

interface Reading {
  readonly schema: readonly string[];
  readonly signal: AbortSignal;
}

export async function readFolder(
  folder: string,
  reading: Reading,
): Promise<readonly MigrationFile[]> {
  const all = await migrationNames(folder);
  const names = all
    .filter((name) => !name.startsWith('.') && (name.endsWith('.sql') || SCRIPT.test(name)))
    .toSorted(inOrder);
  for (const name of names) refuseName(name);
  const scripts = names.filter((name) => SCRIPT.test(name));
  const printed = await printScripts(folder, scripts, reading);
  const read: MigrationFile[] = [];
  for (const name of names) {
    const isSql = name.endsWith('.sql');
    read.push(
      isSql
        ? await readSqlFile(folder, name, nodePgMigrateText)
        : await scriptFile(folder, name, printed.get(name)),
    );
  }
  return read;
}

function refuseName(name: string): void {
  const because = /\.(?:up|down)\.sql$/.test(name)
    ? 'node-pg-migrate applies both of `.up.sql` and `.down.sql`, unless a loader says otherwise. Make one file of them, with `-- Up Migration` and `-- Down Migration`.'
    : 'It begins with no number, by which node-pg-migrate puts them in order. Give it one.';
  if (/\.(?:up|down)\.sql$/.test(name) || numberOf(name) === null) {
    throw operationalError('migration-invalid', `${name}: ${because}`);
  }
}

/** What the author says stays; what of it is run is what is judged, planned and applied. */
async function scriptFile(
  folder: string,
  name: string,
  printed: Printed = { kind: 'unread', because: 'Nothing came of it.' },
): Promise<MigrationFile> {
  const source = await readMigrationText(folder, name);
  const of = { name, path: join(folder, name) };
  if (printed.kind === 'unread') {
    const because = `What it runs cannot be known before: ${printed.because} Write it as SQL, or apply it with node-pg-migrate.`;
    const unread = { says: null, because };
    return { ...of, text: '', digest: digestOfText(source), isTransaction: true, unread };
  }
  const { steps, isTransaction } = printed;
  const text = [...scriptMarks(source), ...steps].map((line) => `${line}\n`).join('');
  return { ...of, text, digest: digestOfText(text), isTransaction, unread: null };
}
