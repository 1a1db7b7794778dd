/**
 * What validation chains have left: a folder for each run, with a folder for each check in it, and what became of all of
 * them in one file, written last. A run without that file came to no end and counts for nothing.
 */
import { lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { digestSchema } from '../../core/digest-schema.ts';
import { outcomes } from '../../core/validation/outcome.ts';
import { digestFile } from '../../platform/digest-file.ts';
import { isSystemError } from '../../platform/is-system-error.ts';
import { removeFolder } from '../../platform/remove-folder.ts';
import { unlessMissing } from '../../platform/unless-missing.ts';
import { writeFileAtomically } from '../../platform/write-file-atomically.ts';
import type { CheckResult, KeptReport } from './check-result.ts';

export interface RunRecord {
  readonly format: 1;
  readonly service: string;
  /** Null of what has no version yet. */
  readonly release: string | null;
  /** Digest of what a deployment ran it for; null of a chain alone, which any folder can be given to. */
  readonly artifact: string | null;
  /** Of what was checked; null when it cannot be told. */
  readonly source: string | null;
  /** Why, in one sentence. */
  readonly sourceRefusal: string | null;
  /** RFC 3339. */
  readonly startedAt: string;
  /** Runs that showed something of the stable release, with which checks were compared. */
  readonly comparedWith: readonly ComparedWith[];
  readonly checks: readonly CheckResult[];
}

export interface ComparedWith {
  readonly check: string;
  readonly run: string;
  /** Of the report. */
  readonly digest: string;
}

/** As far as somebody later asks for it. */
export interface KeptRun {
  readonly folder: string;
  readonly name: string;
  readonly release: string | null;
  readonly artifact: string | null;
  readonly source: string | null;
  readonly checks: readonly z.output<typeof keptCheck>[];
}

export type KeptCheck = KeptRun['checks'][number];

const RECORD = 'result.json';
/** In a run that is not pruned. */
const FOR_GOOD = 'kept.txt';
/** Older ones are looked at by people only. */
const RUNS_MAX = 200;

/** When it began: names are in the order of time. */
const STARTED = String.raw`\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z`;
/** A path below the folder of all runs, and no way out of it. */
const runNameSchema = z.string().regex(new RegExp(`^${STARTED}-[^/]+$`));

const keptCheck = z.object({
  name: z.string(),
  outcome: z.enum(outcomes),
  inputs: z.string().nullable(),
  startedAt: z.string().nullable(),
  reused: z.object({ run: runNameSchema, startedAt: z.string() }).nullable(),
  planted: z.array(z.string()),
  evidence: z
    .object({
      report: z
        .object({
          bytes: z.number(),
          digest: digestSchema,
          madeIn: z.array(z.string()).exactOptional(),
          isMasked: z.literal(true).exactOptional(),
        })
        .nullable(),
    })
    .nullable(),
});
const runSchema = z.object({
  format: z.literal(1),
  service: z.string(),
  release: z.string().nullable(),
  artifact: z.string().nullable(),
  source: z.string().nullable(),
  checks: z.array(keptCheck),
});

/** Of all runs of a state directory. */
export function runsFolder(stateDirectory: string): string {
  return join(stateDirectory, 'checks');
}

/** `startedAt`: RFC 3339. */
export function runName(startedAt: string, service: string): string {
  return `${startedAt.replaceAll(/[:.]/g, '-')}-${service}`;
}

/** Makes its folder, which is nobody else's: of two in one millisecond the other begins in the next. */
export async function newRun(
  root: string,
  service: string,
  nowMs: number,
): Promise<{ readonly folder: string; readonly startedAt: string }> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  for (let beganMs = nowMs; ; beganMs += 1) {
    const startedAt = new Date(beganMs).toISOString();
    const folder = join(root, runName(startedAt, service));
    try {
      await mkdir(folder, { mode: 0o700 });
      return { folder, startedAt };
    } catch (error) {
      if (!isSystemError(error) || error.code !== 'EEXIST') throw error;
    }
  }
}

/** Of one service, newest first, with those that came to no end. */
export async function runNames(root: string, service: string): Promise<readonly string[]> {
  const begin = new RegExp(`^${STARTED}-`);
  const names = (await unlessMissing(readdir(root))) ?? [];
  return names
    .filter((name) => begin.test(name) && name.replace(begin, '') === service)
    .sort()
    .reverse();
}

/** Of one service, newest first. */
export async function keptRuns(root: string, service: string): Promise<readonly KeptRun[]> {
  const names = await runNames(root, service);
  const runs = await Promise.all(names.slice(0, RUNS_MAX).map((name) => keptRun(root, name)));
  return runs.filter((run) => run !== null).filter((run) => run.service === service);
}

export function keepRun(folder: string, record: RunRecord): void {
  writeFileAtomically(join(folder, RECORD), `${JSON.stringify(record, null, 2)}\n`);
}

/** Something elsewhere names it; nothing is done where it is gone. Idempotent. */
export async function keepForGood(folder: string): Promise<void> {
  const text = "A deployment's record names this run, so that it is never pruned.\n";
  await unlessMissing(writeFile(join(folder, FOR_GOOD), text, { mode: 0o600 }));
}

export async function isKeptForGood(folder: string): Promise<boolean> {
  return (await unlessMissing(lstat(join(folder, FOR_GOOD)))) !== null;
}

/** Whether it has come to an end, by any version. */
export async function hasRecord(folder: string): Promise<boolean> {
  return (await unlessMissing(lstat(join(folder, RECORD)))) !== null;
}

/** Idempotent. Without its record it counts for nothing, so that this goes first. */
export async function removeRun(folder: string): Promise<void> {
  await rm(join(folder, RECORD), { force: true });
  await removeFolder(folder);
}

/** Where a kept check's report lies, wherever the folder of the run has been moved to. */
export function reportOf({ folder }: KeptRun, { name, evidence }: KeptCheck): KeptReport | null {
  return evidence?.report ? { path: join(folder, name, 'report'), ...evidence.report } : null;
}

/** Nobody has touched it since. */
export async function isWhole({ path, digest }: KeptReport): Promise<boolean> {
  const found = await unlessMissing(digestFile(path));
  return found !== null && `sha256:${found.hex}` === digest;
}

/** Null of what is none, is not whole, or was written by another version. */
export async function keptRun(
  root: string,
  name: string,
): Promise<(KeptRun & { readonly service: string }) | null> {
  const folder = join(root, name);
  const text = await unlessMissing(readFile(join(folder, RECORD), 'utf8'));
  if (text === null) return null;
  try {
    const found = runSchema.safeParse(JSON.parse(text));
    return found.success ? { folder, name, ...found.data } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
