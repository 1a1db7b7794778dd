/** What both arms answered in one tick: whole numbers ≥ 0, from raw counter differences. */
export interface ErrorCounts {
  readonly candidateResponses: number;
  readonly stableResponses: number;
  /** Distinct failing units: all retries of one call count once. */
  readonly candidateFailures: number;
  readonly stableFailures: number;
}
