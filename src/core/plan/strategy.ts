/** How the traffic moves to a candidate. What a strategy does not say itself comes from the gate. */
export type Strategy =
  /** A candidate at full size; its share rises step by step. */
  | { readonly kind: 'canary'; readonly steps: readonly CanaryStep[] }
  /** A candidate at full size, proven by probes alone; then one switch. */
  | { readonly kind: 'blue-green'; readonly proof: number };

export interface CanaryStep {
  /** Share of new requests in percent. */
  readonly weight: number;
  /** Least time and least requests at this weight. */
  readonly holdMs: number;
  readonly samplesMin: number;
}
