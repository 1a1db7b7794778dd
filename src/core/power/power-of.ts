/**
 * The power of a plan: how long it takes when the release is healthy, and what it catches when it is
 * not, with what harm until then; from many rehearsals of the plan without any mishap.
 */
import { quantile } from '../model/quantile.ts';
import type { Plan } from '../plan/plan.ts';
import type { RehearsalFigures } from '../rehearsal/rehearse-all.ts';
import type { Scenario } from '../rehearsal/scenario.ts';
import { badConducts, healthy, type Conduct } from '../traffic-model/conduct.ts';

/** Median and 95th percentile. */
export interface Pair {
  readonly median: number;
  readonly p95: number;
}

export interface StepPower {
  readonly step: string;
  readonly ms: Pair;
}

export interface ConductPower {
  readonly conduct: string;
  readonly runs: number;
  /** Shares of the runs. */
  readonly caught: number;
  readonly promoted: number;
  /** Of the caught ones; null when there is none. */
  readonly caughtMs: Pair | null;
  readonly requests: Pair | null;
  readonly failures: Pair | null;
  /** Where and by what they were caught, the most frequent first. */
  readonly in: readonly { readonly step: string; readonly by: string; readonly share: number }[];
}

export interface PlanPower {
  /** Of the healthy releases that were promoted. */
  readonly steps: readonly StepPower[];
  readonly totalMs: Pair | null;
  readonly healthy: ConductPower;
  readonly worse: readonly ConductPower[];
}

/** The same chance for each kind of release, so that they differ by what they are alone. */
export function powerScenarios(
  seed: number,
  runs: number,
  conducts: readonly Conduct[] = [healthy, ...badConducts],
): readonly Scenario[] {
  return conducts.flatMap((conduct) =>
    Array.from({ length: runs }, (_, run) => ({ conduct, mishaps: [], seed: seed + run })),
  );
}

export function powerOf(plan: Plan, figures: readonly RehearsalFigures[]): PlanPower {
  const byConduct = Map.groupBy(figures, ({ conduct }) => conduct);
  const good = byConduct.get(healthy.name) ?? [];
  const promoted = good.filter(({ outcome }) => outcome === 'promoted');
  return {
    steps: plan.steps.flatMap(({ id }) => {
      const ms = promoted.flatMap(({ steps }) =>
        steps.filter((step) => step.id === id).map((step) => step.ms),
      );
      return ms.length === 0 ? [] : [{ step: id, ms: pairOf(ms) }];
    }),
    totalMs: promoted.length === 0 ? null : pairOf(promoted.map(({ totalMs }) => totalMs)),
    healthy: conductPower(healthy.name, good),
    worse: [...byConduct]
      .filter(([conduct]) => conduct !== healthy.name)
      .map(([conduct, found]) => conductPower(conduct, found)),
  };
}

export function pairOf(values: readonly number[]): Pair {
  return { median: quantile(values, 0.5), p95: quantile(values, 0.95) };
}

function conductPower(conduct: string, runs: readonly RehearsalFigures[]): ConductPower {
  const caught = runs.filter(({ outcome }) => outcome !== 'promoted');
  const pairIn = (of: (figures: RehearsalFigures) => number): Pair | null =>
    caught.length === 0 ? null : pairOf(caught.map(of));
  const places = Map.groupBy(caught, ({ step, cause }) => `${step ?? ''} ${cause ?? ''}`);
  return {
    conduct,
    runs: runs.length,
    caught: shareOf(caught.length, runs.length),
    promoted: shareOf(runs.length - caught.length, runs.length),
    caughtMs: pairIn(({ caughtMs, totalMs }) => caughtMs ?? totalMs),
    requests: pairIn(({ requests }) => requests),
    failures: pairIn(({ failures }) => failures),
    in: [...places.values()]
      .toSorted((left, right) => right.length - left.length)
      .map((found) => ({
        step: found[0]?.step ?? '',
        by: found[0]?.cause ?? '',
        share: shareOf(found.length, caught.length),
      })),
  };
}

function shareOf(part: number, all: number): number {
  return all === 0 ? 0 : part / all;
}
