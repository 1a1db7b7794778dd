/** What a release may do worse than the one it replaces. */
export interface Regression {
  readonly name: string;
  /** Shares of responses that fail, before and with it; of the candidate only. */
  readonly errors?: readonly [before: number, with_: number];
  /** By how much response times grow from the quantile on: 0.1 is a tenth. */
  readonly slower?: { readonly fromQuantile: number; readonly by: number };
}

/** As judges are measured with: `npm run bench:verdict` and `surefoot plan --power` speak of the same. */
export const regressions = [
  { name: '0 to 5 % errors', errors: [0, 0.05] },
  { name: '0 to 0.5 % errors', errors: [0, 0.005] },
  { name: '0.01 to 0.1 % errors', errors: [0.000_1, 0.001] },
  { name: 'p99 +50 %', slower: { fromQuantile: 0.95, by: 0.5 } },
  { name: 'p99 +20 %', slower: { fromQuantile: 0.95, by: 0.2 } },
  { name: 'median +10 %', slower: { fromQuantile: 0, by: 0.1 } },
] as const satisfies readonly Regression[];
