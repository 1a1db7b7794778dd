/** Some runs of the crash matrix as a test: none may have a violation, and each must have struck. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { StrikeKind } from '../../tools/crash/blow.ts';
import type { CrashPlan } from '../../tools/crash/crash-run.ts';
import { crashRound } from '../../tools/crash/crash-round.ts';
import { rolloutFor } from '../../tools/crash/crash-stand.ts';
import { violationLines } from '../../tools/crash/tell-run.ts';

export const crashTestOptions =
  process.platform === 'linux' ? {} : { skip: 'processes are found in /proc' };

/** Less than the matrix's, so that a handful of runs is a matter of a minute. */
const QUICK = { minSamples: 20, drain: '500ms' } as const;

export async function assertCrashRuns(
  test: TestContext,
  kind: StrikeKind,
  plans: readonly CrashPlan[],
): Promise<void> {
  const { runs, faults } = await crashRound({
    kind,
    rollout: { ...rolloutFor(kind), ...QUICK },
    requestsPerSecond: 120,
    seed: 1,
    plansOf: () => plans,
    say: (text) => test.diagnostic(text),
  });

  for (const run of runs) {
    assert.deepEqual(run.violations, [], violationLines(run).join('\n'));
  }
  assert.deepEqual(faults, []);
}
