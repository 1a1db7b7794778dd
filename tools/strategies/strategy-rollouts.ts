import type { RolloutFigures } from '../stand/newsroom-stand.ts';
import { standRollout } from '../stand/newsroom-stand.ts';
import type { Fault } from './fault-of.ts';

const canary: readonly string[] = [
  'strategy: canary',
  'steps: [{ weight: 10, holdFor: 4s, minSamples: 50 }, { weight: 50 }, { weight: 100 }]',
];

interface Tried {
  readonly strategy: readonly string[];
  readonly keepOld?: string;
  /** By how much traffic it begins with: two seconds of it. */
  readonly minSamples?: number;
  readonly compare?: RolloutFigures['compare'];
}

const strategies: Readonly<Record<string, Tried>> = {
  canary: { strategy: canary },
  'blue-green': { strategy: ['strategy: blue-green', 'proof: 10'], keepOld: '4s', minSamples: 500 },
  rolling: { strategy: ['strategy: rolling', 'batch: 1'], minSamples: 300 },
  baseline: {
    strategy: ['strategy: canary', 'weights: [20, 50, 100]', 'baseline: { instances: 1 }'],
    compare: ['errors', 'latency'],
    minSamples: 120,
  },
  mirror: {
    strategy: [
      ...canary,
      'mirror: { percent: 50, maxPerSecond: 100, minSamples: 400, deadline: 60s }',
    ],
  },
};

export const strategyNames: readonly string[] = Object.keys(strategies);

/** How the newsroom is rolled out by a strategy, when the release has this fault. */
export function rolloutOf(name: string, fault: Fault | null): RolloutFigures {
  const {
    strategy = [],
    compare = [],
    keepOld,
    minSamples = standRollout.minSamples,
  } = strategies[name] ?? {};
  // It begins to fail when it has served for twenty seconds.
  const kept = fault === 'decays' ? '25s' : keepOld;
  return {
    ...standRollout,
    strategy: [...strategy, ...(kept === undefined ? [] : [`keepOld: ${kept}`])],
    ...{ compare, minSamples },
    // As `errorRate: 0%` has it: the first is too many, and the edge need not ask anybody.
    trip: { ...standRollout.trip, serverErrors: 1 },
  };
}
