/**
 * Evidence of one tick that more of an arm's responses lie beyond a threshold than of the other's: given
 * how many do in all, those of the arm are at most hypergeometric when it is no worse.
 */
export interface Exceedances {
  /** Responses of the arm under suspicion, and how many of them lie beyond its threshold. */
  readonly suspect: { readonly responses: number; readonly beyond: number };
  readonly other: { readonly responses: number; readonly beyond: number };
}

/**
 * One increment of ln E for each odds ratio w > 1 in `alternatives`; 0 where nothing can be told.
 * Expected value of exp(increment) under the null: at most 1. Each of the four terms bounds the
 * hypergeometric's log moment-generating function (Hoeffding 1963).
 */
export function exceedanceIncrements(
  { suspect, other }: Exceedances,
  alternatives: readonly number[],
): readonly number[] {
  const all = suspect.responses + other.responses;
  const beyond = suspect.beyond + other.beyond;
  const tellsNothing =
    suspect.responses === 0 || other.responses === 0 || beyond === 0 || beyond === all;
  if (tellsNothing) return alternatives.map(() => 0);
  const beyondShare = beyond / all;
  const suspectShare = suspect.responses / all;
  return alternatives.map((odds) => {
    const gain = Math.log(odds);
    const less = 1 / odds - 1;
    const bound = Math.min(
      suspect.responses * Math.log1p(beyondShare * (odds - 1)),
      beyond * Math.log1p(suspectShare * (odds - 1)),
      beyond * gain + other.responses * Math.log1p(beyondShare * less),
      suspect.responses * gain + (all - beyond) * Math.log1p(suspectShare * less),
    );
    return suspect.beyond * gain - bound;
  });
}
