/** Deploys the newsroom with one migration after the other, under load, and judges what became of it. */
import { underLoad, withMigrationStand, type Asked } from './migration-stand.ts';
import type { MigrationTrial } from './migration-trials.ts';
import { runTrial, type TrialEnd } from './run-trial.ts';

export interface TrialsEnd {
  readonly trials: readonly (TrialEnd & Asked)[];
  /** Every write that clients were told is done is there. */
  readonly isNothingLost: boolean;
}

/** `blocked`: how long a migration may keep others out, as the file says it. */
export function runTrials(
  trials: readonly MigrationTrial[],
  { blocked, say }: { readonly blocked: string; readonly say: (text: string) => void },
): Promise<TrialsEnd> {
  return withMigrationStand(blocked, async (stand) => {
    const { ends, isNothingLost } = await underLoad(stand, async () => {
      const ended: TrialEnd[] = [];
      for (const trial of trials) {
        const end = await runTrial(stand, trial);
        say(`${trial.name}: ${end.ended}${end.wrong.map((text) => `\n   ✗ ${text}`).join('')}`);
        ended.push(end);
      }
      return ended;
    });
    return { trials: ends, isNothingLost };
  });
}
