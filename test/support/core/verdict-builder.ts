/** Ticks and settings of a verdict, to be changed where a test says so. */
import type { SparseHistogram } from '../../../src/core/model/histogram.ts';
import { applyTick } from '../../../src/core/verdict/apply-tick.ts';
import { defaultVerdictSettings } from '../../../src/core/verdict/default-verdict-settings.ts';
import type { ErrorCounts } from '../../../src/core/verdict/error-counts.ts';
import type { VerdictSettings } from '../../../src/core/verdict/verdict-settings.ts';
import { initialVerdictState, type VerdictState } from '../../../src/core/verdict/verdict-state.ts';
import type { VerdictTick } from '../../../src/core/verdict/verdict-tick.ts';

/** An hour of ticks of five seconds, judged by errors and latency. */
export function verdictSettings(changes: Partial<VerdictSettings> = {}): VerdictSettings {
  const families = ['errors', 'latency'] as const;
  return {
    ...defaultVerdictSettings({ tickMs: 5_000, horizonTicks: 720, families }),
    ...changes,
  };
}

/** A tenth of the traffic goes to the candidate; nothing fails, and all answers take as long. */
export function aTick(
  number: number,
  changes: Partial<ErrorCounts> & Partial<Omit<VerdictTick, 'errors'>> = {},
): VerdictTick {
  const {
    candidateResponses = 500,
    stableResponses = 4_500,
    candidateFailures = 0,
    stableFailures = 0,
    slice = { sliceResponses: Math.floor(stableResponses / 9), sliceFailures: 0 },
    ...rest
  } = changes;
  return {
    number,
    errors: { candidateResponses, stableResponses, candidateFailures, stableFailures },
    slice,
    latency: {
      candidate: spread(candidateResponses - candidateFailures),
      stable: spread(stableResponses - stableFailures),
    },
    ...rest,
  };
}

const STEPS = 40;
const BUCKETS_PER_STEP = 4;
const KEPT_PER_STEP = 0.8;

/** So many responses with a long tail: of those at a step, four in five take longer than that. */
export function spread(count: number, slowerBuckets = 0): SparseHistogram {
  const slowerThan = (step: number): number =>
    step === STEPS ? 0 : Math.round(count * KEPT_PER_STEP ** step);
  const histogram = Array.from({ length: STEPS }, (_, step) => {
    const bucket = 800 + slowerBuckets + BUCKETS_PER_STEP * step;
    return [bucket, slowerThan(step) - slowerThan(step + 1)] as const;
  });
  return histogram.filter(([, responses]) => responses > 0);
}

export function stateBehind(
  ticks: readonly VerdictTick[],
  settings: VerdictSettings = verdictSettings(),
  before: VerdictState = initialVerdictState(settings),
): VerdictState {
  return ticks.reduce((state, tick) => applyTick(settings, state, tick), before);
}
