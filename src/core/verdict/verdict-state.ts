/** All that the verdict keeps from tick to tick: plain data, the same after a crash, bit by bit. */
import { emptyHistogram, type DenseHistogram } from '../model/dense-histogram.ts';
import { initialDispersion, type Dispersion } from './dispersion.ts';
import type { ErrorCounts } from './error-counts.ts';
import type { GaugeMartingale } from './gauge-martingale.ts';
import { emptyWindow, type StableWindow } from './stable-window.ts';
import type { VerdictSettings } from './verdict-settings.ts';

export interface VerdictState {
  /** Number of the last tick that was applied or discarded; 0 before the first one. */
  readonly lastTick: number;
  readonly ticks: number;
  readonly discarded: number;
  /** Ticks that came again or too late, and changed nothing. */
  readonly late: number;
  /** Why the last of the discarded could not be used. */
  readonly problem: string | null;
  /** ln R of each component. */
  readonly relative: readonly number[];
  readonly absolute: readonly number[];
  readonly latency: readonly number[];
  /** That all traffic fails too often, whoever answers it. */
  readonly incident: readonly number[];
  readonly gauges: Readonly<Record<string, GaugeMartingale>>;
  readonly dispersion: Dispersion;
  readonly stableLately: StableWindow;
  /** ln likelihood ratios of "no harm", for each alternative. */
  readonly harmless: {
    readonly relative: readonly number[];
    readonly absolute: readonly number[];
    /** For each quantile. */
    readonly latency: readonly (readonly number[])[];
  };
  readonly totals: ErrorCounts;
  /** All waits for its successful responses, or until a client left. */
  readonly candidateLatency: DenseHistogram;
  /** Responses of the stable release since the candidate's last one. */
  readonly stableSinceCandidate: number;
  /** Number of the tick at which the evidence sufficed for a ROLLBACK; never withdrawn. */
  readonly condemnedAt: number | null;
}

/** `stableLately` is what the stable release answered before the candidate got traffic. */
export function initialVerdictState(
  { errors, latency }: VerdictSettings,
  stableLately: StableWindow = emptyWindow,
): VerdictState {
  const none = (grid: readonly unknown[]): readonly number[] => grid.map(() => 0);
  return {
    lastTick: 0,
    ticks: 0,
    discarded: 0,
    late: 0,
    problem: null,
    relative: [],
    absolute: [],
    latency: [],
    incident: [],
    gauges: {},
    dispersion: initialDispersion(errors.areDistinct),
    stableLately,
    harmless: {
      relative: none(errors.passAlternatives),
      absolute: none(errors.passAlternatives),
      latency: latency.pass.quantiles.map(() => none(latency.pass.alternatives)),
    },
    totals: { candidateResponses: 0, stableResponses: 0, candidateFailures: 0, stableFailures: 0 },
    candidateLatency: emptyHistogram,
    stableSinceCandidate: 0,
    condemnedAt: null,
  };
}
