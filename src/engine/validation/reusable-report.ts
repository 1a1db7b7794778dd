/** Reports of earlier runs that still count: nothing that they depend on has changed, and they are not too old. */
import type { KeptReport } from './check-result.ts';
import { isWhole, reportOf, type KeptCheck, type KeptRun } from './kept-runs.ts';

export interface Reusable {
  readonly report: KeptReport;
  /** The run that made it, and when. */
  readonly run: string;
  readonly startedAt: string;
}

/** `preparers`: names of what makes something in the copy that all look at. */
export async function reusableReport(
  runs: readonly KeptRun[],
  {
    name,
    inputs,
    preparers,
  }: {
    readonly name: string;
    readonly inputs: string | null;
    readonly preparers: readonly string[];
  },
  { nowMs, ageMaxMs }: { readonly nowMs: number; readonly ageMaxMs: number },
): Promise<Reusable | null> {
  if (inputs === null) return null;
  for (const run of runs) {
    const check = run.checks.find((each) => each.name === name);
    if (check?.inputs === inputs && isContrary(check)) return null;
    if (check?.inputs !== inputs || !isUsable(check, { nowMs, ageMaxMs })) continue;
    if (!preparers.every((each) => hasPassed(run, each))) continue;
    const [startedAt, report] = [madeAt(check), reportOf(run, check)];
    if (startedAt === null || report === null || !(await isWhole(report))) continue;
    return { report, run: check.reused?.run ?? run.name, startedAt };
  }
  return null;
}

/** Whether its report may be used again, if nobody has touched it and its inputs are the same. */
export function isUsable(
  check: KeptCheck,
  { nowMs, ageMaxMs }: { readonly nowMs: number; readonly ageMaxMs: number },
): boolean {
  const startedAt = madeAt(check);
  // One that failed may be mended by another try; nobody tries what has passed once more.
  if (check.outcome !== 'PASS' || startedAt === null) return false;
  // What was judged is not what is kept.
  if (!check.evidence?.report || check.evidence.report.isMasked) return false;
  const ageMs = nowMs - Date.parse(startedAt);
  return ageMs >= 0 && ageMs <= ageMaxMs;
}

/** It was made anew and did not pass: what was made before it of the same inputs counts no more. */
export function isContrary({ outcome, reused }: KeptCheck): boolean {
  return outcome !== 'PASS' && reused === null;
}

/** What was looked at without what should have been made there shows nothing of the two. */
function hasPassed({ checks }: KeptRun, name: string): boolean {
  return checks.find((each) => each.name === name)?.outcome === 'PASS';
}

function madeAt({ reused, startedAt }: KeptCheck): string | null {
  return reused?.startedAt ?? startedAt;
}
