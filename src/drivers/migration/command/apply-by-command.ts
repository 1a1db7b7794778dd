/** Has a program apply migrations, one by one, and looks whether it has done that and no more. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Client } from 'pg';
import { z } from 'zod';
import type { MigrationText } from '../../../core/migration/migration-file.ts';
import type { MigrationLimits } from '../../../core/migration/migration-limits.ts';
import type { MigrationRun } from '../../../core/migration/migration-run.ts';
import { OperationalError, operationalError } from '../../../core/operational-error.ts';
import { recordMigration, type MigrationRecord } from '../../../platform/migration-record.ts';
import { withMigrationSession } from '../../../platform/with-migration-session.ts';
import type { CommandConfig } from './config.ts';
import { runMigrator } from './run-migrator.ts';
import { watchSessions } from './watch-sessions.ts';

interface Asked {
  readonly url: string;
  readonly signal: AbortSignal;
}

interface Applying extends Asked {
  readonly limits: MigrationLimits;
}

const LISTING: MigrationLimits = { lockMs: 10_000, statementMs: 30_000 };

/** What the program says is what counts; Surefoot's own table adds the digests. */
export function recordByCommand(config: CommandConfig, asked: Asked): MigrationRecord {
  return {
    ...{ table: config.digests, recordedAs: (name) => name },
    tool: {
      settings: '',
      prepare: () => Promise.resolve(),
      applied: () => listed(config, asked),
      add: () => Promise.resolve(true),
    },
  };
}

export async function applyByCommand(
  migrations: readonly MigrationText[],
  config: CommandConfig,
  applying: Applying,
): Promise<readonly MigrationRun[]> {
  if (migrations.length === 0) return [];
  const { url, limits, signal } = applying;
  const record = recordByCommand(config, applying);
  return withMigrationSession(url, { record, limits, signal }, async (client) => {
    const runs: MigrationRun[] = [];
    for (const migration of migrations) {
      signal.throwIfAborted();
      const run = await applyOne(client, migration, { config, applying });
      if (run !== null) runs.push(run);
    }
    return runs;
  });
}

/** Null of one that is applied already. */
async function applyOne(
  client: Client,
  { name, path, digest }: MigrationText,
  { config, applying }: { readonly config: CommandConfig; readonly applying: Applying },
): Promise<MigrationRun | null> {
  const before = await listed(config, applying);
  if (before.includes(name)) return null;
  const session = `surefoot-${randomBytes(4).toString('hex')}`;
  const begun = performance.now();
  const places = { name, file: path, folder: dirname(path) };
  const { apply: words, environment } = config;
  const run = { words, places, environment, session, ...applying };
  const { sessions } = await watchSessions(applying.url, session, () =>
    runMigrator(run).catch(named(name)),
  );
  const durationMs = Math.round(performance.now() - begun);
  refuseOthers(name, before, await listed(config, applying));
  await recordMigration(client, config.digests, { recordedAs: name, digest, isFinished: true });
  return { name, durationMs, locks: null, ...sessions };
}

function refuseOthers(name: string, before: readonly string[], after: readonly string[]): void {
  const others = after.filter((each) => each !== name && !before.includes(each));
  const message = !after.includes(name)
    ? `${name}: its program ended well, and does not say that it is applied.`
    : `${name}: its program has applied ${others.join(', ')} as well, which nobody asked for. Have it apply one.`;
  if (others.length === 0 && after.includes(name)) return;
  throw operationalError('migration-failed', message, { effect: 'applied' });
}

function named(name: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof OperationalError)) throw error;
    const { code, message, effect } = error.failure;
    throw operationalError(code, `${name}: ${message}`, { cause: error, effect });
  };
}

const lineSchema = z.object({ name: z.string().min(1) });

async function listed(
  { applied: words, environment }: CommandConfig,
  { url, signal }: Asked,
): Promise<readonly string[]> {
  const scratch = await mkdtemp(join(tmpdir(), 'surefoot-applied-'));
  try {
    const outputFile = join(scratch, 'applied');
    const run = { words, places: {}, environment, url, session: 'surefoot-applied' };
    await runMigrator({ ...run, limits: LISTING, outputFile, signal });
    const lines = (await readFile(outputFile, 'utf8')).split('\n');
    const names = lines.filter((line) => line.trim() !== '').map(nameIn);
    return [...new Set(names)];
  } finally {
    await rm(scratch, { recursive: true });
  }
}

function nameIn(line: string): string {
  const message = `Which migrations were applied cannot be read: "${line.slice(0, 100)}" is no line such as {"name":"0001_labels.py"}.`;
  try {
    const { data } = lineSchema.safeParse(JSON.parse(line));
    if (data) return data.name;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw operationalError('migration-failed', message);
}
