/** Waivers that nothing was meant by: what they put up with is gone, or they name it wrongly. */
import type { Outcome } from './outcome.ts';
import type { Waiver } from './waiver.ts';

/** What a run has shown. */
export interface ShownByRun {
  /** Those that a finding was meant by. */
  readonly met: ReadonlySet<Waiver>;
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** The checks that are declared with a report, also those that did not run. */
  readonly declared: readonly string[];
}

/** A check that was not judged may have what is waived; so a waiver for it is never idle. */
export function idleWaivers(
  waivers: readonly Waiver[],
  { met, outcomes, declared }: ShownByRun,
): readonly Waiver[] {
  const isJudged = (check: string): boolean => ['PASS', 'FAIL'].includes(outcomes.get(check) ?? '');
  return waivers.filter(
    (waiver) =>
      !met.has(waiver) && (waiver.check === null ? declared : [waiver.check]).every(isJudged),
  );
}
