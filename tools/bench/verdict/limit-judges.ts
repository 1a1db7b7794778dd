/**
 * Judges with limits, as Flagger and Argo Rollouts are set up in their documents, and more sharply. A
 * period without data passes, as it does with them.
 */
import { byPeriod, type Period, type PeriodFigures } from './by-period.ts';
import type { Judge } from './judge.ts';

/** Of the modelled service in its usual state. */
const USUAL_P99_MS = 256;
const P99_LIMIT_MS = 500;

interface LimitSetup {
  readonly name: string;
  readonly periodS: number;
  /** Periods that may fail in all before it rolls back with the next one. */
  readonly failuresAllowed: number;
  readonly isBad: (period: Period) => boolean;
}

const above = (value: number | null, limit: number | null): boolean =>
  value !== null && limit !== null && value > limit;

const breaks = (errorRateMax: number, p99MsMax: number) => {
  return ({ candidate }: Period): boolean =>
    above(candidate.errorRate, errorRateMax) || above(candidate.p99Ms, p99MsMax);
};

const isWorse = (candidate: PeriodFigures, stable: PeriodFigures): boolean =>
  above(candidate.p99Ms, stable.p99Ms === null ? null : stable.p99Ms * 1.2) ||
  above(candidate.errorRate, stable.errorRate === null ? null : stable.errorRate + 0.005);

const setups: readonly LimitSetup[] = [
  {
    name: 'Flagger defaults',
    periodS: 60,
    failuresAllowed: 4,
    isBad: breaks(0.01, P99_LIMIT_MS),
  },
  {
    name: 'Flagger tuned',
    periodS: 60,
    failuresAllowed: 4,
    isBad: breaks(0.005, 1.2 * USUAL_P99_MS),
  },
  { name: 'Argo docs', periodS: 300, failuresAllowed: 3, isBad: breaks(0.05, P99_LIMIT_MS) },
  {
    name: 'Argo tuned',
    periodS: 60,
    failuresAllowed: 0,
    isBad: breaks(0.005, 1.2 * USUAL_P99_MS),
  },
  {
    name: 'Argo relative',
    periodS: 60,
    failuresAllowed: 3,
    isBad: ({ candidate, stable }) => isWorse(candidate, stable),
  },
];

export function limitJudges(tickS: number): readonly Judge[] {
  return setups.map(({ name, periodS, failuresAllowed, isBad }) => {
    let failures = 0;
    return byPeriod(name, { periodS, tickS }, (period) => {
      if (isBad(period)) failures += 1;
      return failures > failuresAllowed;
    });
  });
}
