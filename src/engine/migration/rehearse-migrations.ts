/** Tries migrations where they can harm nobody: on a restored backup, with both releases behind them. */
import { join } from 'node:path';
import type { MigrationText } from '../../core/migration/migration-file.ts';
import type { MigrationRun } from '../../core/migration/migration-run.ts';
import type { ContentPart } from '../../core/backup/content.ts';
import { rehearsalCriteria } from '../../core/migration/rehearsal-criteria.ts';
import type { PlannedDatabase, PlannedMigrations } from '../../core/migration/planned-database.ts';
import { OperationalError, operationalError } from '../../core/operational-error.ts';
import type { Criterion } from '../../core/validation/criterion.ts';
import type { Migrator, Restored } from '../../drivers/contract.ts';
import { databaseOf, withDatabase } from '../../platform/open-postgres.ts';
import { openBackup } from '../backup/open-backup.ts';
import { restoreBackup } from '../backup/restore-backup.ts';
import { verifiedBackup, type BackupWanted } from '../backup/secure-backup.ts';
import type { BackupWork } from '../backup/take-backup.ts';
import type { AskInvariants } from './check-invariants.ts';
import type { TriedRelease } from './try-release.ts';

export interface Rehearsal {
  readonly work: BackupWork;
  /** Which backup it is tried on. */
  readonly wanted: BackupWanted;
  readonly migrator: Migrator;
  readonly ask: AskInvariants;
  readonly database: PlannedDatabase;
  readonly migrations: PlannedMigrations;
  readonly texts: readonly MigrationText[];
  /** Of the database that is meant on the server that was backed up. */
  readonly url: string;
  /** What serves, and what is to. */
  readonly releases: readonly TriedRelease[];
  /** Below which each tried release leaves its log. */
  readonly evidence: string;
  readonly progress: (text: string) => void;
}

export interface RehearsalResult {
  readonly backup: string;
  readonly runs: readonly MigrationRun[];
  readonly criteria: readonly Criterion[];
}

/** All that was made for it is gone in the end. Throws `backup-missing` without a verified backup. */
export async function rehearseMigrations(rehearsal: Rehearsal): Promise<RehearsalResult> {
  const { work, wanted, progress } = rehearsal;
  const { source } = wanted;
  const there = await verifiedBackup(work, wanted);
  if (!there) {
    const message = `${source} has no verified backup to try the migrations on.`;
    throw operationalError('backup-missing', message);
  }
  const { id } = there.manifest;
  progress(`${id} of ${source} is being restored`);
  const restored = await restoreBackup(work, await openBackup(work, { source, id }));
  try {
    // Verified, it holds what was taken.
    const before = there.manifest.parts;
    return { backup: id, ...(await tryOn(restored, before, rehearsal)) };
  } finally {
    await restored.remove();
  }
}

async function tryOn(
  restored: Restored,
  before: readonly ContentPart[],
  rehearsal: Rehearsal,
): Promise<Omit<RehearsalResult, 'backup'>> {
  const { migrator, migrations, texts, database, url: live, work, progress } = rehearsal;
  const url = withDatabase(restored.address, databaseOf(live));
  progress(`${texts.map(({ name }) => name).join(', ')} applied to it`);
  const limits = { lockMs: migrations.lockMs, statementMs: migrations.timeBoxMs };
  let runs: readonly MigrationRun[];
  try {
    runs = await migrator.apply(url, texts, limits, { signal: work.signal });
  } catch (error) {
    return { runs: [], criteria: [refusal(error)] };
  }
  const criteria = [
    ...rehearsalCriteria({
      ...{ runs, planned: texts.length, before, after: await restored.parts() },
      ...{ blockedMsMax: migrations.blockedMs, rowsLostMax: migrations.rowsLost },
    }),
    ...(await rehearsal.ask(url, database.invariants, work.signal)),
  ];
  // On data that is wrong already nothing more is learnt.
  if (criteria.every(({ state }) => state === 'met')) {
    criteria.push(...(await tryReleases(rehearsal, url)));
  }
  return { runs, criteria };
}

async function tryReleases(rehearsal: Rehearsal, url: string): Promise<readonly Criterion[]> {
  const { releases, database, work, progress } = rehearsal;
  const criteria: Criterion[] = [];
  for (const release of releases) {
    progress(`${release.what} is tried on it`);
    const evidence = join(rehearsal.evidence, release.version);
    const { signal, clock } = work;
    const environment = { [database.variable]: url };
    const tried = await release.tryOn({ environment, evidence, clock, signal });
    criteria.push(tried);
    if (tried.state !== 'met') break;
  }
  return criteria;
}

/** Rethrows what says nothing of the migrations. */
function refusal(error: unknown): Criterion {
  const code = error instanceof OperationalError ? error.failure.code : null;
  if (code !== 'migration-failed') throw error;
  const { message } = error as OperationalError;
  return { what: 'migrations applied', observed: message, limit: 'all', state: 'unmet' };
}
