/**
 * How clumped failures are: measured between a fixed slice of the stable release and all of it, where
 * nothing but chance makes a difference. Clumps are worth less as evidence than as many single failures.
 */
export interface Dispersion {
  /** Sum of squared differences, and of what chance alone would make of them; with a prior. */
  readonly observed: number;
  readonly expected: number;
}

export interface DispersionCounts {
  readonly sliceResponses: number;
  readonly sliceFailures: number;
  readonly stableResponses: number;
  readonly stableFailures: number;
}

/** Of failures by distinct callers; without an id of the caller retries are clumps, too. */
export function initialDispersion(isDistinct: boolean): Dispersion {
  return { observed: isDistinct ? 12.5 : 40, expected: 10 };
}

export function observeDispersion(before: Dispersion, counts: DispersionCounts): Dispersion {
  const { sliceResponses, sliceFailures, stableResponses, stableFailures } = counts;
  if (stableResponses === 0) return before;
  const share = sliceResponses / stableResponses;
  const off = sliceFailures - stableFailures * share;
  return {
    observed: before.observed + off * off,
    expected: before.expected + stableFailures * share * (1 - share),
  };
}

/** The exponent for the next tick's evidence, above 0 and at most 1. */
export function temperingOf({ observed, expected }: Dispersion): number {
  return 1 / Math.max(1, observed / expected);
}
