/** Reports of earlier runs that still count: nothing that they depend on has changed, and they are not too old. */
import { digestFile } from '../../platform/digest-file.ts';
import { unlessMissing } from '../../platform/unless-missing.ts';
import type { KeptReport } from './check-result.ts';
import { reportOf, type KeptCheck, type KeptRun } from './kept-runs.ts';
import type { KeptBaseline } from './judge-evidence.ts';

export interface Reusable {
  readonly report: KeptReport;
  /** The run that made it, and when. */
  readonly run: string;
  readonly startedAt: string;
}

export async function reusableReport(
  runs: readonly KeptRun[],
  { name, inputs }: { readonly name: string; readonly inputs: string | null },
  { nowMs, ageMaxMs }: { readonly nowMs: number; readonly ageMaxMs: number },
): Promise<Reusable | null> {
  if (inputs === null) return null;
  for (const run of runs) {
    const check = run.checks.find((each) => each.name === name);
    // One that failed may be mended by another try; nobody tries what has passed once more.
    if (check?.inputs !== inputs || check.outcome !== 'PASS') continue;
    const startedAt = check.reused?.startedAt ?? check.startedAt;
    const report = reportOf(run, check);
    // What was judged is not what is kept.
    if (startedAt === null || report === null || report.isMasked) continue;
    const ageMs = nowMs - Date.parse(startedAt);
    if (ageMs < 0 || ageMs > ageMaxMs || !(await isWhole(report))) continue;
    return { report, run: run.name, startedAt };
  }
  return null;
}

export interface StableRelease {
  readonly version: string;
  /** Digest of what runs; null when somebody only says that it is this version. */
  readonly artifact: string | null;
}

/** The newest that is kept of a check on the stable release. */
export async function baselineIn(
  runs: readonly KeptRun[],
  name: string,
  stable: StableRelease,
): Promise<KeptBaseline> {
  for (const run of runs) {
    const check = isOn(stable, run) ? run.checks.find(isOf(name)) : undefined;
    const report = check ? reportOf(run, check) : null;
    if (report && (await isWhole(report)))
      return { kind: 'kept', release: stable.version, report, planted: check?.planted ?? [] };
  }
  return { kind: 'missing', release: stable.version };
}

/** A version is a word that anybody may give to any folder: what runs is meant by its content. */
function isOn({ version, artifact }: StableRelease, run: KeptRun): boolean {
  if (artifact === null) return run.release === version;
  if (run.source === artifact) return true;
  // What was checked for it may have been another tree each time: that counts which let it be deployed.
  return run.artifact === artifact && run.checks.every(({ outcome }) => outcome === 'PASS');
}

/** What was judged; an error or a tool that was not run shows nothing of a release. */
function isOf(name: string): (check: KeptCheck) => boolean {
  return (check) => check.name === name && (check.outcome === 'PASS' || check.outcome === 'FAIL');
}

/** Nobody has touched it since. */
async function isWhole({ path, digest }: KeptReport): Promise<boolean> {
  const found = await unlessMissing(digestFile(path));
  return found !== null && `sha256:${found.hex}` === digest;
}
