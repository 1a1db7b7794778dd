/** The stable release that a check is asked to compare with, of which something must be kept. */
import { join } from 'node:path';
import { keptRuns } from '../engine/validation/kept-runs.ts';
import type { StableRelease } from '../engine/validation/baseline-in.ts';
import type { StateDirectory } from '../platform/state-directory.ts';
import { quoted } from './render/escape-text.ts';
import { usageError } from './usage-error.ts';

/** Null when none is named. */
export async function checkedAgainst(
  directory: StateDirectory,
  service: string,
  { release, against }: { readonly release?: string; readonly against?: string },
): Promise<StableRelease | null> {
  if (against === undefined) return null;
  if (against === release) {
    throw usageError(
      `--against ${quoted(against)} is the release that is checked: name the one before it.`,
    );
  }
  const runs = await keptRuns(join(directory.root, 'checks'), service);
  const releases = new Set(runs.flatMap((run) => run.release ?? []));
  if (releases.has(against)) return { version: against, artifact: null };
  const kept = releases.size === 0 ? 'of no release' : `of ${[...releases].join(', ')}`;
  throw usageError(
    `There is nothing to compare with: no run of the checks is kept of ${service} ${quoted(against)}, but ${kept}. Check it first: surefoot check --release ${quoted(against)}`,
  );
}
