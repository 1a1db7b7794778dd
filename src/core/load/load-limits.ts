/** What a step of a stress test must keep, and a window of its recovery. */
import { showDuration } from '../words/show-duration.ts';
import { showNumber } from '../words/show-number.ts';
import type { ReportedQuantile } from './reported-figures.ts';

export interface LoadLimits {
  readonly latency: { readonly quantile: ReportedQuantile; readonly maxMs: number };
  /** From 0 to 1. */
  readonly errorRateMax: number;
}

export interface JudgedFigures {
  readonly askedPerSecond: number;
  readonly ratePerSecond: number;
  readonly requests: number;
  readonly failed: number;
  /** Of the quantile that is asked for; null when there was no answer. */
  readonly latencyMs: number | null;
}

const ACHIEVED_SHARE_MIN = 0.97;

/** In one sentence what was not kept; null when all was. */
export function brokenLimit(limits: LoadLimits, figures: JudgedFigures): string | null {
  const { requests, askedPerSecond, ratePerSecond } = figures;
  if (requests === 0) return 'No request came to an end.';
  if (ratePerSecond < askedPerSecond * ACHIEVED_SHARE_MIN) {
    return `At ${showNumber(askedPerSecond)}/s it gave ${showNumber(ratePerSecond, askedPerSecond)} good answers a second.`;
  }
  return brokenQuality(limits, figures);
}

/** The same without the rate, of windows that are too short for one. */
export function brokenQuality(
  { latency, errorRateMax }: LoadLimits,
  { askedPerSecond, requests, failed, latencyMs }: JudgedFigures,
): string | null {
  const at = `At ${showNumber(askedPerSecond)}/s`;
  // Without a request there is no rate, and none is no good one.
  if (!(failed / requests <= errorRateMax)) {
    return `${at} ${percent(failed / requests)} of the requests failed, where ${percent(errorRateMax)} are allowed.`;
  }
  if (latencyMs === null || latencyMs > latency.maxMs) {
    const found = latencyMs === null ? 'is unknown' : `was ${showDuration(latencyMs)}`;
    return `${at} ${latency.quantile} ${found}, where ${showDuration(latency.maxMs)} are allowed.`;
  }
  return null;
}

function percent(share: number): string {
  return `${showNumber(share * 100)} %`;
}
