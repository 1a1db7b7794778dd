/** How the traffic moves to a candidate. What a strategy does not say itself comes from the gate. */
export type Strategy =
  /** A candidate at full size; its share rises step by step. */
  | { readonly kind: 'canary'; readonly steps: readonly CanaryStep[] }
  /** A candidate at full size, proven by probes alone; then one switch. */
  | { readonly kind: 'blue-green'; readonly proof: number }
  /** A candidate that grows batch by batch, its share with it. */
  | { readonly kind: 'rolling'; readonly batch: Batch };

/** How many instances are started at a time: a number of them, or a fraction of the pool. */
export type Batch = { readonly instances: number } | { readonly share: number };

export interface CanaryStep {
  /** Share of new requests in percent. */
  readonly weight: number;
  /** Least time and least requests at this weight. */
  readonly holdMs: number;
  readonly samplesMin: number;
}
