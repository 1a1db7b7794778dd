/** What modelled traffic is drawn from: chance comes in as an argument, so that a seed gives the same traffic. */
export interface Draws {
  /** From 0 up to, not including, 1. */
  uniform(): number;
  /** Around 0 with a standard deviation of 1. */
  normal(): number;
  poisson(mean: number): number;
  /** For each share of `mean` how many fell on it, independent of each other; told where any did, in order. */
  spread(mean: number, shares: Float64Array, tell: (at: number, count: number) => void): void;
}
