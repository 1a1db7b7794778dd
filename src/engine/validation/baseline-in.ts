/** What earlier runs have shown of the stable release. */
import type { KeptBaseline } from './judge-evidence.ts';
import { isWhole, reportOf, type KeptCheck, type KeptRun } from './kept-runs.ts';

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
    const check = isOn(stable, run)
      ? run.checks.find((each) => each.name === name && isJudged(each))
      : undefined;
    const report = check ? reportOf(run, check) : null;
    if (report && (await isWhole(report)))
      return {
        kind: 'kept',
        release: stable.version,
        run: run.name,
        report,
        planted: check?.planted ?? [],
      };
  }
  return { kind: 'missing', release: stable.version };
}

/** Whether a run shows something of it. A version is a word that anybody may give to any folder: what runs is meant by its content. */
export function isOn({ version, artifact }: StableRelease, run: KeptRun): boolean {
  if (artifact === null) return run.release === version;
  if (run.source === artifact) return true;
  // What was checked for it may have been another tree each time: that counts which let it be deployed.
  return run.artifact === artifact && run.checks.every(({ outcome }) => outcome === 'PASS');
}

/** An error or a tool that was not run shows nothing of a release. */
export function isJudged({ outcome }: KeptCheck): boolean {
  return outcome === 'PASS' || outcome === 'FAIL';
}
