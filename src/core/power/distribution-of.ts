/**
 * What many rehearsals of a plan with mishaps and bad releases came to: how they ended and why, how
 * long they took, and what they cost clients.
 */
import { quantile } from '../model/quantile.ts';
import type { MishapKind } from '../rehearsal/mishap.ts';
import type { RehearsalFigures } from '../rehearsal/rehearse-all.ts';
import { healthy } from '../traffic-model/conduct.ts';

export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface OutcomeCounts {
  readonly runs: number;
  readonly promoted: number;
  readonly reverted: number;
  readonly held: number;
}

export interface GroupDistribution extends OutcomeCounts {
  readonly totalMs: Quantiles;
  /** Requests to the candidate while it depended on its lease, and what it failed of them. */
  readonly requests: Quantiles;
  readonly failures: Quantiles;
  readonly budgetSeconds: Quantiles;
}

export interface PlanDistribution {
  readonly all: GroupDistribution;
  /** By how the release behaves, the healthy one first. */
  readonly byConduct: readonly (GroupDistribution & { readonly conduct: string })[];
  /** Healthy releases by the only mishap that they met with; without any first. */
  readonly healthyByMishap: readonly (OutcomeCounts & { readonly mishap: MishapKind | null })[];
  /** Why not, the most frequent first. */
  readonly causes: readonly {
    readonly outcome: 'reverted' | 'held';
    readonly cause: string;
    readonly ofHealthy: number;
    readonly ofWorse: number;
  }[];
  /** Healthy releases that were taken back though nothing went wrong. */
  readonly falseReverts: { readonly count: number; readonly of: number };
  /** Releases that are worse and were promoted. */
  readonly badPromoted: { readonly count: number; readonly of: number };
}

export function distributionOf(figures: readonly RehearsalFigures[]): PlanDistribution {
  const good = figures.filter(isHealthy);
  const bad = figures.filter((each) => !isHealthy(each));
  const undisturbed = good.filter(({ mishaps }) => mishaps.length === 0);
  return {
    all: groupOf(figures),
    byConduct: [...Map.groupBy([...good, ...bad], ({ conduct }) => conduct)].map(
      ([conduct, group]) => ({ conduct, ...groupOf(group) }),
    ),
    healthyByMishap: [
      { mishap: null, ...countsOf(undisturbed) },
      ...[
        ...Map.groupBy(
          good.filter(({ mishaps }) => mishaps.length === 1),
          ({ mishaps }) => mishaps[0],
        ),
      ]
        .toSorted(([left = ''], [right = '']) => left.localeCompare(right))
        .map(([mishap = null, group]) => ({ mishap, ...countsOf(group) })),
    ],
    causes: causesOf(figures),
    falseReverts: {
      count: undisturbed.filter(({ outcome }) => outcome !== 'promoted').length,
      of: undisturbed.length,
    },
    badPromoted: {
      count: bad.filter(({ outcome }) => outcome === 'promoted').length,
      of: bad.length,
    },
  };
}

function isHealthy({ conduct }: RehearsalFigures): boolean {
  return conduct === healthy.name;
}

function groupOf(figures: readonly RehearsalFigures[]): GroupDistribution {
  const quantiles = (of: (figures: RehearsalFigures) => number): Quantiles => {
    const values = figures.map(of);
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantile(values, share));
    return { p50: p50 ?? 0, p95: p95 ?? 0, p99: p99 ?? 0 };
  };
  return {
    ...countsOf(figures),
    totalMs: quantiles(({ totalMs }) => totalMs),
    requests: quantiles(({ requests }) => requests),
    failures: quantiles(({ failures }) => failures),
    budgetSeconds: quantiles(({ budgetSeconds }) => budgetSeconds),
  };
}

function countsOf(figures: readonly RehearsalFigures[]): OutcomeCounts {
  const ended = (wanted: RehearsalFigures['outcome']): number =>
    figures.filter(({ outcome }) => outcome === wanted).length;
  return {
    runs: figures.length,
    promoted: ended('promoted'),
    reverted: ended('reverted'),
    held: ended('held'),
  };
}

function causesOf(figures: readonly RehearsalFigures[]): PlanDistribution['causes'] {
  const groups = Map.groupBy(
    figures.filter(({ outcome }) => outcome !== 'promoted'),
    ({ outcome, cause }) => `${outcome} ${cause ?? ''}`,
  );
  return [...groups.values()]
    .toSorted((left, right) => right.length - left.length)
    .map((group) => {
      const ofHealthy = group.filter(isHealthy).length;
      return {
        outcome: group[0]?.outcome === 'held' ? 'held' : 'reverted',
        cause: group[0]?.cause ?? '',
        ofHealthy,
        ofWorse: group.length - ofHealthy,
      };
    });
}
