/**
 * A candidate beside the stable release, from what a balancer has counted of both: each second that is
 * over is one tick. The candidate's first responses, with which it warms up, are left out.
 */
import type { PoolId } from '../model/ids.ts';
import { countOf, mergeHistograms, type SparseHistogram } from '../model/histogram.ts';
import type { TrafficSample } from '../model/traffic-sample.ts';
import { applyTick } from './apply-tick.ts';
import {
  watchGauges,
  type GaugeBlocks,
  type GaugeLimits,
  type UsageReading,
} from './gauge-blocks.ts';
import { rankedAnew } from './gauge-martingale.ts';
import { emptyWindow, extendWindow, type StableWindow } from './stable-window.ts';
import type { VerdictSettings } from './verdict-settings.ts';
import { initialVerdictState, type VerdictState } from './verdict-state.ts';
import type { VerdictTick } from './verdict-tick.ts';

export interface ComparisonPolicy {
  /** Whether a PASS needs evidence that the candidate does no harm. */
  readonly mustExcludeHarm: boolean;
  /** Ticks are seconds. */
  readonly settings: VerdictSettings;
  /** What the candidate is compared with; missing when that is the stable pool. */
  readonly against?: PoolId;
  /**
   * Requests of the candidate that are left out, with their failures, which the limits still see; over
   * all stages so far, for instances that come later warm up later.
   */
  readonly warmUpResponses: number;
  /** Missing when nothing that instances take up is judged. */
  readonly gauges?: GaugeLimits;
}

export interface Comparison {
  readonly state: VerdictState;
  /** The balancer's second before the first tick. */
  readonly beforeSecond: number;
  readonly leftOut: number;
  /** How many were to be left out by the last second; missing in old records. */
  readonly leaveOut?: number;
  /** Missing in old records, and before anybody told what instances take up. */
  readonly gauges?: GaugeBlocks;
}

export const COMPARISON_TICK_MS = 1_000;

export interface ComparedTraffic {
  readonly pools: ComparedPools;
  /** Whole from the second of `nextSecond` on, in any order; others are left out. */
  readonly samples: readonly TrafficSample[];
  /** Read before the samples were: every second before it is over, and all of it is in them. */
  readonly nowSecond: number;
  /** Since when the split is in force: the first second in which new instances may have answered. */
  readonly splitSecond?: number;
  /** What instances take up, in any order; those of other seconds are left out. */
  readonly readings?: readonly UsageReading[];
  /** Until when requests of some kind were withheld from the candidate: it answered another mix, and is left out. */
  readonly lastWithheldSecond?: number;
}

/**
 * The comparison behind all seconds before `nowSecond`; null while the candidate has had no traffic. At the
 * beginning what came before the candidate says how fast the stable release has been.
 */
export function compareTraffic(
  policy: ComparisonPolicy,
  before: Comparison | null,
  traffic: ComparedTraffic,
): Comparison | null {
  let comparison = before;
  for (const behind of compareSeconds(policy, before, traffic)) comparison = behind;
  return comparison;
}

/** The same behind each of the seconds, one after the other. */
export function* compareSeconds(
  policy: ComparisonPolicy,
  before: Comparison | null,
  {
    pools,
    samples,
    nowSecond,
    splitSecond = 0,
    readings = [],
    lastWithheldSecond = -Infinity,
  }: ComparedTraffic,
): Generator<Comparison, void> {
  const over = samples.filter(({ second }) => second < nowSecond);
  const begun = before ?? beginning(policy.settings, pools, over);
  if (begun === null) return;
  const bySecond = Map.groupBy(over, ({ second }) => second);
  const readBySecond = Map.groupBy(readings, ({ second }) => second);
  let comparison = begun;
  for (let second = nextSecond(begun); second < nowSecond; second += 1) {
    const { leaveOut = policy.warmUpResponses } = comparison;
    const warmUpResponses = second < splitSecond ? leaveOut : policy.warmUpResponses;
    const due = { ...policy, warmUpResponses };
    comparison = behindSecond(due, comparison, {
      ...{ pools, second, splitSecond, lastWithheldSecond },
      samples: bySecond.get(second) ?? [],
      readings: readBySecond.get(second) ?? [],
    });
    yield comparison;
  }
}

interface ComparedSecond extends Required<Omit<ComparedTraffic, 'nowSecond'>> {
  readonly second: number;
}

function behindSecond(
  policy: ComparisonPolicy,
  before: Comparison,
  at: ComparedSecond,
): Comparison {
  const { settings, warmUpResponses } = policy;
  const { beforeSecond, leftOut } = before;
  const candidate = countsOf(at.samples, at.pools.candidate);
  const stable = countsOf(at.samples, at.pools.stable);
  const isWarm = leftOut >= warmUpResponses && at.second > at.lastWithheldSecond;
  const { state, ended, gauges } = usageBehind(policy, before, at);
  const tick = tickOf(state.lastTick + 1, isWarm ? candidate : NOTHING, stable);
  return {
    beforeSecond,
    leftOut: leftOut + (isWarm ? 0 : candidate.responses + countOf(candidate.abandoned)),
    leaveOut: warmUpResponses,
    state: applyTick(settings, state, ended ? { ...tick, gauges: ended } : tick),
    ...(gauges && { gauges }),
  };
}

/** What has become of the gauges, and the state that a block that has ended is ranked in. */
function usageBehind(
  { gauges: limits, against }: ComparisonPolicy,
  { state, gauges }: Comparison,
  { pools, ...at }: ComparedSecond,
): Pick<Comparison, 'state' | 'gauges'> & { readonly ended?: VerdictTick['gauges'] } {
  if (!limits) return { state };
  const isFresh = against !== undefined;
  const { blocks, isAnew, ended } = watchGauges(limits, gauges ?? null, {
    ...at,
    ...pools,
    isFresh,
  });
  const ranked = isAnew ? { ...state, gauges: rankedAnew(state.gauges) } : state;
  return { state: ranked, ended, ...(blocks && { gauges: blocks }) };
}

/** The first second that was not compared yet. */
export function nextSecond({ beforeSecond, state }: Comparison): number {
  return beforeSecond + state.lastTick + 1;
}

interface ComparedPools {
  readonly candidate: PoolId;
  readonly stable: PoolId;
}

function beginning(
  settings: VerdictSettings,
  pools: ComparedPools,
  samples: readonly TrafficSample[],
): Comparison | null {
  const seconds = samples.filter(({ pool }) => pool === pools.candidate).map((of) => of.second);
  if (seconds.length === 0) return null;
  const beforeSecond = Math.min(...seconds) - 1;
  const stable = samples
    .filter(({ pool, second }) => pool === pools.stable && second <= beforeSecond)
    .toSorted((left, right) => left.second - right.second);
  const window = stable.reduce<StableWindow>(
    (extended, sample) =>
      extendWindow(extended, waitsIn([sample], leftIn([sample])), {
        tick: sample.second - beforeSecond - 1,
        tickMs: settings.tickMs,
      }),
    emptyWindow,
  );
  return { state: initialVerdictState(settings, window), beforeSecond, leftOut: 0 };
}

interface PoolCounts {
  readonly responses: number;
  readonly failures: number;
  readonly slice: TrafficSample['slice'];
  readonly latency: SparseHistogram;
  /** Of those, the waits of clients that left. */
  readonly abandoned: SparseHistogram;
}

const NOTHING: PoolCounts = {
  ...{ responses: 0, failures: 0, latency: [], abandoned: [] },
  slice: { requests: 0, failedCallers: 0 },
};

function countsOf(samples: readonly TrafficSample[], of: PoolId): PoolCounts {
  let [failures, responses] = [0, 0];
  const slice = { requests: 0, failedCallers: 0 };
  const its = samples.filter(({ pool }) => pool === of);
  for (const sample of its) {
    failures += sample.failedCallers;
    responses += sample.requests;
    slice.requests += sample.slice.requests;
    slice.failedCallers += sample.slice.failedCallers;
  }
  // An answer that broke in its body was counted in the second of its head.
  const answered = Math.max(responses, failures);
  const abandoned = leftIn(its);
  return { responses: answered, failures, slice, latency: waitsIn(its, abandoned), abandoned };
}

/**
 * How long clients waited for what was no failure. One who left first counts with its wait until then: who
 * answers is drawn, so that of equal releases the same is left as long; of a slower one more is.
 */
function waitsIn(samples: readonly TrafficSample[], left: SparseHistogram): SparseHistogram {
  const all = [...samples.map(({ latency }) => latency), left];
  if (samples.every(({ failureLatency }) => failureLatency.length === 0)) {
    return mergeHistograms(all);
  }
  const failed = samples.flatMap(({ failureLatency }) =>
    failureLatency.map(([bucket, count]) => [bucket, -count] as const),
  );
  return mergeHistograms([...all, failed]).filter(([, count]) => count > 0);
}

/** How long those had waited who left; for a client that kept the pool waiting nobody was slow. */
function leftIn(samples: readonly TrafficSample[]): SparseHistogram {
  const left = mergeHistograms(samples.map(({ abandonedWaits }) => abandonedWaits));
  return left[0]?.[0] === 0 ? left.slice(1) : left;
}

function tickOf(number: number, candidate: PoolCounts, stable: PoolCounts): VerdictTick {
  return {
    number,
    errors: {
      candidateResponses: candidate.responses,
      candidateFailures: candidate.failures,
      stableResponses: stable.responses,
      stableFailures: stable.failures,
    },
    slice: { sliceResponses: stable.slice.requests, sliceFailures: stable.slice.failedCallers },
    latency: { candidate: candidate.latency, stable: stable.latency },
    ...(candidate.abandoned.length + stable.abandoned.length > 0 && {
      abandoned: { candidate: candidate.abandoned, stable: stable.abandoned },
    }),
  };
}
