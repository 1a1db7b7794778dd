import type { Regression } from './traffic-model.ts';

/** What a candidate may do worse, as the peers were measured with; from the first tick on unless said. */
export const regressions = [
  { name: '0 to 5 % errors', errors: [0, 0.05] },
  { name: '0 to 0.5 % errors', errors: [0, 0.005] },
  { name: '0.01 to 0.1 % errors', errors: [0.000_1, 0.001] },
  { name: 'p99 +50 %', slower: { fromQuantile: 0.95, by: 0.5 } },
  { name: 'p99 +20 %', slower: { fromQuantile: 0.95, by: 0.2 } },
  { name: 'median +10 %', slower: { fromQuantile: 0, by: 0.1 } },
] as const satisfies readonly Regression[];
