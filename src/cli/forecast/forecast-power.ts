/** Rehearses a plan with every kind of release, and with more patience where it misses some. */
import type { Plan } from '../../core/plan/plan.ts';
import { powerOf, powerScenarios, type PlanPower } from '../../core/power/power-of.ts';
import { leastMsOf, withLongerHolds } from '../../core/power/with-longer-holds.ts';
import { comparesAny } from '../../core/rehearsal/world.ts';
import { badConducts } from '../../core/traffic-model/conduct.ts';
import type { DeclaredTraffic } from '../../core/traffic-model/declared-traffic.ts';
import { rehearseInThreads } from './rehearse-in-threads.ts';

export interface PowerForecast {
  readonly runs: number;
  readonly seed: number;
  readonly power: PlanPower;
  readonly advice: readonly HoldAdvice[];
}

/** What more patience would do for one kind of regression. */
export interface HoldAdvice {
  readonly conduct: string;
  /** The least tried multiple of every step's hold that catches nearly all; null when none did. */
  readonly times: number | null;
  readonly caught: number;
  /** The longest that was tried. */
  readonly triedTimes: number;
}

/** So many seconds are rehearsed of all runs together, which takes some seconds. */
const REHEARSED_S = 120_000;
const RUNS_MIN = 40;
const RUNS_MAX = 200;
const ADVICE_RUNS = 30;
const TIMES = [2, 4, 8, 16, 32];
/** What is caught of a kind when it counts as caught. */
export const CAUGHT_SHARE = 0.95;

export async function forecastPower(
  given: {
    readonly plan: Plan;
    readonly traffic: DeclaredTraffic;
    readonly seed: number;
    readonly runs: number | null;
  },
  signal: AbortSignal,
): Promise<PowerForecast> {
  const { plan, traffic, seed } = given;
  const runs = given.runs ?? runsFor(plan);
  const scenarios = powerScenarios(seed, runs);
  const figures = await rehearseInThreads({ plan, traffic, scenarios }, signal);
  const power = powerOf(plan, figures);
  const isJudged = plan.steps.some(({ action }) => action.kind === 'judge-traffic');
  const advice = isJudged ? await adviceOn({ plan, traffic, seed }, power, signal) : [];
  return { runs, seed, power, advice };
}

/** As many as are rehearsed within seconds, the same on every machine. */
function runsFor(plan: Plan): number {
  const seconds = (leastMsOf(plan) / 1_000) * (badConducts.length + 1);
  return Math.round(Math.min(RUNS_MAX, Math.max(RUNS_MIN, REHEARSED_S / Math.max(1, seconds))));
}

async function adviceOn(
  { plan, traffic, seed }: Omit<Parameters<typeof forecastPower>[0], 'runs'>,
  { worse }: PlanPower,
  signal: AbortSignal,
): Promise<readonly HoldAdvice[]> {
  const isCompared = comparesAny(plan);
  // Who is only slower than before breaks no limit, however long it is looked at.
  const isHopeless = (conduct: string): boolean =>
    !isCompared && badConducts.some(({ name, slower }) => name === conduct && slower !== undefined);
  let missed = worse
    .filter(({ conduct, caught }) => caught < CAUGHT_SHARE && !isHopeless(conduct))
    .map(({ conduct }) => conduct);
  const advice: HoldAdvice[] = [];
  let leftS = REHEARSED_S;
  let tried = worse.map(({ conduct, caught }) => ({ conduct, caught }));
  let triedTimes = 1;
  for (const times of TIMES) {
    const longer = withLongerHolds(plan, times);
    leftS -= (leastMsOf(longer) / 1_000) * ADVICE_RUNS * missed.length;
    if (missed.length === 0 || leftS < 0) break;
    const conducts = badConducts.filter(({ name }) => missed.includes(name));
    const scenarios = powerScenarios(seed, ADVICE_RUNS, conducts);
    const figures = await rehearseInThreads({ plan: longer, traffic, scenarios }, signal);
    tried = powerOf(longer, figures).worse.map(({ conduct, caught }) => ({ conduct, caught }));
    triedTimes = times;
    const found = tried.filter(({ caught }) => caught >= CAUGHT_SHARE);
    advice.push(...found.map((each) => ({ ...each, times, triedTimes })));
    missed = missed.filter((conduct) => !found.some((each) => each.conduct === conduct));
  }
  const caughtOf = (conduct: string): number =>
    tried.find((each) => each.conduct === conduct)?.caught ?? 0;
  const open = missed.map((conduct) => ({
    ...{ conduct, times: null, caught: caughtOf(conduct), triedTimes },
  }));
  return [...advice, ...open];
}
