/** How often a release that is no different is reverted behind the balancer, rescues and hangs with it. */
import { atLeast, atMost, type Say } from '../run-bench.ts';
import {
  bakeThroughBalancer,
  type BalancedBakeResult,
} from '../../../test/support/bake-through-balancer.ts';
import { HOUR_S, SEED, type BenchPart } from './bench-part.ts';

const RATES = [10, 60, 300] as const;
const SPLITS = [
  ...[10, 50, 80, 95].map((weight) => ({ weight, hasBaseline: false })),
  ...[10, 50].map((weight) => ({ weight, hasBaseline: true })),
];
const BAKES = 12;

export function measureThroughBalancer(say: Say): BenchPart {
  const cells = RATES.map((perSecond) =>
    SPLITS.map((split) => {
      say(`${BAKES} bakes of an hour through the balancer, ${shareOf(split, `${perSecond}/s`)} …`);
      return Array.from({ length: BAKES }, (_, run) =>
        bakeThroughBalancer({
          ...{ seed: SEED + run, seconds: HOUR_S, perSecond, hasIncidents: true, ...split },
        }),
      );
    }),
  );
  const all = cells.flat(2);
  const tripped = trippedIn(all);
  const incidents = incidentsIn(all);
  return {
    goals: [
      atMost('condemned through the balancer', all.filter((bake) => bake.isCondemned).length, 0),
      atMost('tripped by incidents that both meet, share of them', tripped / incidents, 0.02),
      atLeast('such incidents', incidents, 500),
    ],
    tables: [
      {
        title: 'tripped by an incident that both releases meet, of incidents in bakes of an hour',
        rows: [
          ['requests', ...SPLITS.map((split) => shareOf(split, 'them'))],
          ...RATES.map((perSecond, at) => [
            `${perSecond}/s`,
            ...(cells[at] ?? []).map((bakes) => `${trippedIn(bakes)} of ${incidentsIn(bakes)}`),
          ]),
        ],
      },
    ],
  };
}

function shareOf({ weight, hasBaseline }: (typeof SPLITS)[number], of: string): string {
  return `${weight} % of ${of}${hasBaseline ? ' beside a baseline' : ''}`;
}

function trippedIn(bakes: readonly BalancedBakeResult[]): number {
  return bakes.filter(({ trippedS }) => trippedS !== null).length;
}

/** The one that tripped was not over. */
function incidentsIn(bakes: readonly BalancedBakeResult[]): number {
  return bakes.reduce((sum, bake) => sum + bake.incidents, trippedIn(bakes));
}
