/** Deploys the newsroom with one migration after the other, under load, and judges what became of it. */
import { underLoad, withMigrationStand, type UnderLoad } from './migration-stand.ts';
import type { MigrationTrial } from './migration-trials.ts';
import { runTrial } from './run-trial.ts';

/** `blocked`: how long a migration may keep others out, as the file says it. */
export function runTrials(
  trials: readonly MigrationTrial[],
  { blocked, say }: { readonly blocked: string; readonly say: (text: string) => void },
): Promise<UnderLoad> {
  return withMigrationStand(blocked, (stand) =>
    underLoad(stand, trials, { tryOne: (trial) => runTrial(stand, trial), say }),
  );
}
