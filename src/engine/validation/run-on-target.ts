/**
 * A check of something that runs: what it asks must be alive before and after, the same process where that is known, and
 * what that takes up meanwhile is watched. Without a living target the tool is not even started.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { resourcesCriteria } from '../../core/validation/criteria/resources-criteria.ts';
import type { Criterion } from '../../core/validation/criterion.ts';
import { withCriteria } from '../../core/validation/with-criteria.ts';
import {
  aliveCriterion,
  SILENT_MS_MAX,
  untilAlive,
  type Look,
  type LookAtTarget,
} from './alive.ts';
import { nothingDone, type CheckResult, type KeptReport } from './check-result.ts';
import { keepReport } from './keep-report.ts';
import { runCheck, type CheckRun } from './run-check.ts';
import { watchResources, type WatchedLaunch } from './watch-resources.ts';

export interface CheckTarget {
  readonly look: LookAtTarget;
  /** Null of what runs elsewhere: what it takes up is not known. */
  readonly launched: WatchedLaunch | null;
  readonly sampleEveryMs: number;
}

export async function runOnTarget(run: CheckRun, target: CheckTarget): Promise<CheckResult> {
  const before = await lookAt(run, target);
  const isProcess = target.launched !== null;
  if (before.kind !== 'alive') return notBegun(run, aliveCriterion({ before }, isProcess));
  const watch = await beginWatch(run, target);
  let result: CheckResult;
  let watched;
  try {
    result = await runCheck(run);
  } finally {
    watched = await watch?.end();
  }
  const after = await lookAt(run, target);
  const { evidence, check } = run;
  return {
    ...withCriteria(result, [
      aliveCriterion({ before, after }, isProcess),
      ...(watched ? resourcesCriteria(check.resources ?? {}, watched) : []),
    ]),
    evidence: result.evidence && {
      ...result.evidence,
      ...(watched && { samples: await samplesKept(evidence) }),
    },
  };
}

async function lookAt({ clock, signal }: CheckRun, { look }: CheckTarget): Promise<Look> {
  if (signal.aborted) return { kind: 'silent', why: 'It was stopped.' };
  return untilAlive(look, { clock, signal, waitMs: SILENT_MS_MAX });
}

async function beginWatch({ check, evidence, clock }: CheckRun, target: CheckTarget) {
  const { launched, sampleEveryMs: everyMs } = target;
  if (!check.resources || launched === null) return null;
  await mkdir(evidence, { recursive: true, mode: 0o700 });
  return watchResources({ launched, everyMs, clock, path: samplesIn(evidence) });
}

/** Ours, and where they belong. */
function samplesKept(evidence: string): Promise<KeptReport> {
  const path = samplesIn(evidence);
  return keepReport({ path }, path, []);
}

function samplesIn(evidence: string): string {
  return join(evidence, 'samples.jsonl');
}

function notBegun({ check, clock }: CheckRun, alive: Criterion): CheckResult {
  return {
    ...{ ...nothingDone(check), outcome: 'ERROR', because: null },
    criteria: [alive],
    startedAt: new Date(clock.wallMs()).toISOString(),
  };
}
