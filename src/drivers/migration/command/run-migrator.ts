/** Runs a program of the author's on a database, and has its sessions known by their name. */
import { tmpdir } from 'node:os';
import { operationalError } from '../../../core/operational-error.ts';
import type { MigrationLimits } from '../../../core/migration/migration-limits.ts';
import { filledIn } from '../../../core/words/filled-in.ts';
import { systemClock } from '../../../platform/clock.ts';
import { findProgram } from '../../../platform/find-program.ts';
import { inheritedEnvironment } from '../../../platform/inherited-environment.ts';
import { runTool, type ToolEnd } from '../../../platform/run-tool.ts';
import type { CommandConfig } from './config.ts';

export interface MigratorRun {
  readonly words: readonly string[];
  /** What stands in braces, and what for. */
  readonly places: Readonly<Record<string, string>>;
  readonly environment: CommandConfig['environment'];
  readonly url: string;
  /** How its sessions are called, as far as it lets them. */
  readonly session: string;
  readonly limits: MigrationLimits;
  readonly directory?: string;
  /** Where its standard output goes; with its last words by default. */
  readonly outputFile?: string;
  readonly signal: AbortSignal;
}

const LAST_LINES = 5;

/** Throws `migration-failed`, or `migration-blocked` for one that waited too long for a lock, with its last words. */
export async function runMigrator(run: MigratorRun): Promise<void> {
  const { words, places, limits, directory = tmpdir(), signal } = run;
  const [name = '', ...args] = words.map((word) => filledIn(word, places));
  const environment = environmentOf(run);
  const said: string[] = [];
  const secretValues = secretsOf(run);
  const late = systemClock.deadline(limits.statementMs);
  try {
    const end = await runTool({
      program: await findProgram(name, directory, environment.PATH),
      ...{ args, directory, environment, secretValues, clock: systemClock },
      ...{ outputFile: run.outputFile ?? null, onLine: (line) => said.push(line) },
      signal: AbortSignal.any([signal, late.signal]),
    });
    signal.throwIfAborted();
    if (end.kind === 'exited' && end.code === 0) return;
    throw failed(`${name} ${wayOf(end, limits)}`, masked(said.slice(-LAST_LINES), secretValues));
  } finally {
    late.release();
  }
}

/** As libpq and what is made like it understand it. */
function environmentOf({ environment, url, session, limits }: MigratorRun) {
  const { lockMs, statementMs } = limits;
  return {
    ...inheritedEnvironment(process.env),
    PGOPTIONS: `-c lock_timeout=${lockMs} -c statement_timeout=${statementMs}`,
    PGAPPNAME: session,
    ...environment,
    DATABASE_URL: url,
  };
}

function secretsOf({ url, environment }: MigratorRun): readonly string[] {
  const { password } = new URL(url);
  const all = [url, password, decodeURIComponent(password), ...Object.values(environment ?? {})];
  return all.filter((value) => value.length > 3);
}

function masked(lines: readonly string[], secretValues: readonly string[]): string {
  return secretValues.reduce(
    (text, value) => text.replaceAll(value, '[secret]'),
    lines.join('\n').trim(),
  );
}

function wayOf(end: ToolEnd, { statementMs }: MigrationLimits): string {
  switch (end.kind) {
    case 'exited':
      return `ended with ${end.code}`;
    case 'killed':
      return `was killed by ${end.signal}`;
    case 'ended':
      return `did not end within ${statementMs} ms`;
    case 'not-started':
      return `could not be started: ${end.reason}`;
  }
}

/** What it had done until then, nobody knows. */
function failed(what: string, words: string): Error {
  const isBlocked = /lock timeout|55P03|deadlock detected/.test(words);
  return operationalError(
    isBlocked ? 'migration-blocked' : 'migration-failed',
    words === '' ? `${what}.` : `${what}: ${words}`,
    { effect: 'unknown' },
  );
}
