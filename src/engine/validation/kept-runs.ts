/**
 * What validation chains have left: a folder for each run, with a folder for each check in it, and what became of all of
 * them in one file, written last. A run without that file came to no end and counts for nothing.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { digestSchema } from '../../core/digest-schema.ts';
import { outcomes } from '../../core/validation/outcome.ts';
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
  /** RFC 3339. */
  readonly startedAt: string;
  readonly checks: readonly CheckResult[];
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
/** Older ones are kept, and looked at by people only. */
const RUNS_MAX = 200;

const keptCheck = z.object({
  name: z.string(),
  outcome: z.enum(outcomes),
  inputs: z.string().nullable(),
  startedAt: z.string().nullable(),
  reused: z.object({ startedAt: z.string() }).nullable(),
  planted: z.array(z.string()),
  evidence: z
    .object({
      report: z
        .object({
          bytes: z.number(),
          digest: digestSchema,
          isMasked: z.literal(true).exactOptional(),
        })
        .nullable(),
    })
    .nullable(),
});
const keptRun = z.object({
  format: z.literal(1),
  service: z.string(),
  release: z.string().nullable(),
  artifact: z.string().nullable(),
  source: z.string().nullable(),
  checks: z.array(keptCheck),
});

/** Of one service, newest first. */
export async function keptRuns(root: string, service: string): Promise<readonly KeptRun[]> {
  const names = ((await unlessMissing(readdir(root))) ?? []).filter((name) =>
    name.endsWith(`-${service}`),
  );
  const runs = await Promise.all(
    names
      .sort()
      .reverse()
      .slice(0, RUNS_MAX)
      .map((name) => readRun(root, name)),
  );
  return runs.filter((run) => run !== null).filter((run) => run.service === service);
}

export function keepRun(folder: string, record: RunRecord): void {
  writeFileAtomically(join(folder, RECORD), `${JSON.stringify(record, null, 2)}\n`);
}

/** Where a kept check's report lies, wherever the folder of the run has been moved to. */
export function reportOf({ folder }: KeptRun, { name, evidence }: KeptCheck): KeptReport | null {
  return evidence?.report ? { path: join(folder, name, 'report'), ...evidence.report } : null;
}

/** Null of what is none, is not whole, or was written by another version. */
async function readRun(
  root: string,
  name: string,
): Promise<(KeptRun & { readonly service: string }) | null> {
  const folder = join(root, name);
  const text = await unlessMissing(readFile(join(folder, RECORD), 'utf8'));
  if (text === null) return null;
  try {
    const found = keptRun.safeParse(JSON.parse(text));
    return found.success ? { folder, name, ...found.data } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
