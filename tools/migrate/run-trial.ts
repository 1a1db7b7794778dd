/** One deployment with a migration: what became of it, and of the data. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeploymentSummary } from '../../src/core/deployment/deployment-summary.ts';
import type { ContentPart } from '../../src/core/backup/content.ts';
import { unlessMissing } from '../../src/platform/unless-missing.ts';
import type { NewsroomStand } from '../stand/newsroom-stand.ts';
import type { TriedEnd } from './migration-stand.ts';
import type { MigrationTrial } from './migration-trials.ts';
import { finishedMigrations, newsroomData } from './newsroom-data.ts';

export async function runTrial(stand: NewsroomStand, trial: MigrationTrial): Promise<TriedEnd> {
  const path = join(stand.root, 'migrations', trial.file);
  const formerText = await unlessMissing(readFile(path, 'utf8'));
  const before = await newsroomData(stand.databaseUrl);
  await writeFile(path, trial.sql);
  const fromMs = Date.now();
  const found =
    trial.meant.kind === 'refused' ? await planned(stand, trial) : await deployed(stand, trial);
  const toMs = Date.now();
  const after = await newsroomData(stand.databaseUrl);
  const isThrough = trial.meant.kind === 'promoted';
  if (!isThrough && formerText === null) await rm(path);
  if (!isThrough && formerText !== null) await writeFile(path, formerText);
  const wrong = [...found.wrong, ...(isThrough ? [] : changedParts(before, after))];
  return { name: trial.name, wrong, ended: found.ended, fromMs, toMs };
}

interface Found {
  readonly ended: string;
  readonly wrong: readonly string[];
}

async function planned(stand: NewsroomStand, { release, meant }: MigrationTrial): Promise<Found> {
  const { exitCode, stderr } = await stand.surefoot(['plan', '--release', release]);
  const isRefused = exitCode === 2 && meant.kind === 'refused' && meant.says.test(stderr);
  return { ended: 'refused', wrong: isRefused ? [] : [`not refused: ${exitCode} ${stderr}`] };
}

async function deployed(stand: NewsroomStand, trial: MigrationTrial): Promise<Found> {
  const summary = await stand.deploy(trial.release);
  const { outcome, cause } = summary;
  const ended = cause ? `${outcome} by ${cause.step}` : outcome;
  const wrong = [...wrongEnd(summary, trial.meant), ...(await wrongTable(stand, trial.meant))];
  return { ended, wrong };
}

function wrongEnd(
  { outcome, cause, exposure }: DeploymentSummary,
  meant: MigrationTrial['meant'],
): readonly string[] {
  const because = cause?.failure.message ?? '';
  if (meant.kind === 'promoted') return outcome === 'promoted' ? [] : [`${outcome}: ${because}`];
  if (meant.kind === 'refused') return [];
  const isMeant = outcome === 'reverted' && cause?.step === meant.step && meant.says.test(because);
  return [
    ...(isMeant ? [] : [`${outcome} by ${cause?.step ?? 'nothing'}: ${because}`]),
    ...(exposure.requests === 0 ? [] : [`${exposure.requests} requests reached it`]),
  ];
}

async function wrongTable(
  stand: NewsroomStand,
  meant: MigrationTrial['meant'],
): Promise<readonly string[]> {
  if (meant.kind !== 'promoted') return [];
  const names = await finishedMigrations(stand.databaseUrl);
  const isMeant = names.join() === meant.applied.join();
  return isMeant ? [] : [`applied: ${names.join(', ')}`];
}

function changedParts(
  before: readonly ContentPart[],
  after: readonly ContentPart[],
): readonly string[] {
  const left = new Map(after.map(({ name, hash }) => [name, hash]));
  const known = new Set(before.map(({ name }) => name));
  return [
    ...before.filter(({ name, hash }) => left.get(name) !== hash),
    ...after.filter(({ name }) => !known.has(name)),
  ].map(({ name }) => `${name} is not as it was`);
}
