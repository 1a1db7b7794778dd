/** The evidence that the candidate does no harm, for a PASS; each part must suffice by itself. */
import { logMeanExp } from './log-mean-exp.ts';
import type { VerdictState } from './verdict-state.ts';

export interface HarmlessEvidence {
  /** ln E that errors are below the harmful rate or ratio. */
  readonly errors: number;
  /** ln E that no response quantile is harmfully slower, for each quantile. */
  readonly latency: readonly number[];
}

export function harmlessEvidence({ harmless }: Pick<VerdictState, 'harmless'>): HarmlessEvidence {
  return {
    errors: logMeanExp([logMeanExp(harmless.relative), logMeanExp(harmless.absolute)]),
    latency: harmless.latency.map(logMeanExp),
  };
}
