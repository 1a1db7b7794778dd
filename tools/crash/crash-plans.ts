/** Which runs a matrix is made of: one for each victim and step, the rest drawn from the seed. */
import type { CrashPlan } from './crash-run.ts';
import { isOnTheWayBack, stepsOf, type Victim } from './victim.ts';

export function crashPlans(
  victims: readonly Victim[],
  steps: readonly string[] | 'all',
  seed: number,
): readonly CrashPlan[] {
  return victims.flatMap((victim) =>
    stepsOf(victim)
      .filter((step) => steps === 'all' || steps.includes(step))
      .map((step, index): CrashPlan => {
        // What does not start has no process to kill.
        const canBreak = victim !== 'candidate';
        const isOdd = (index + seed) % 2 === 1;
        return {
          victim,
          step,
          // When the candidate is stopped it has no process left to kill.
          moment:
            isOdd && !(victim === 'candidate' && step === 'stop-candidate')
              ? 'CommandSucceeded'
              : 'CommandIssued',
          way: !isOnTheWayBack(step)
            ? 'good'
            : canBreak && (index + seed) % 4 >= 2
              ? 'broken'
              : 'aborted',
        };
      }),
  );
}
