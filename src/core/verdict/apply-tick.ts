/**
 * Takes one closed tick into the evidence. Whatever weighs the tick (tempering, thresholds, restarts)
 * is read from the state before it; that is what makes the error bound hold at any look.
 */
import { absoluteErrorIncrements } from './absolute-error-increments.ts';
import { addSparse, type DenseHistogram } from '../model/dense-histogram.ts';
import { observeDispersion, temperingOf } from './dispersion.ts';
import { evidenceOf } from './evidence-of.ts';
import { initialGauge, observeBlock } from './gauge-martingale.ts';
import { harmlessLatencyIncrements, latencyIncrements } from './latency-increments.ts';
import { relativeErrorIncrements } from './relative-error-increments.ts';
import { advanceMixture } from './restart-mixture.ts';
import { extendWindow, latelyOf } from './stable-window.ts';
import type { VerdictSettings } from './verdict-settings.ts';
import type { VerdictState } from './verdict-state.ts';
import { emptyTick, tickProblem, type VerdictTick } from './verdict-tick.ts';

/** The state behind the tick. One that came before, or too late, is counted and changes nothing else. */
export function applyTick(
  settings: VerdictSettings,
  state: VerdictState,
  tick: VerdictTick,
): VerdictState {
  if (tick.number <= state.lastTick) return { ...state, late: state.late + 1 };
  const problem = tickProblem(tick);
  if (problem === null) return behindTick(settings, state, tick);
  // Time goes on for the restarts, whose weights depend on the number of the tick alone.
  const empty = behindTick(settings, state, emptyTick(tick.number));
  return { ...empty, discarded: state.discarded + 1, problem };
}

function behindTick(
  settings: VerdictSettings,
  state: VerdictState,
  tick: VerdictTick,
): VerdictState {
  const past = latelyOf(state.stableLately);
  const next: VerdictState = {
    ...state,
    lastTick: tick.number,
    ticks: state.ticks + 1,
    ...evidenceBehind(settings, state, tick, past),
    ...measuredBehind(settings, state, tick),
    harmless: harmlessBehind(settings, state, tick, past),
  };
  if (next.condemnedAt !== null) return next;
  const isCondemned = evidenceOf(settings, next).total >= -Math.log(settings.falseRollback);
  return isCondemned ? { ...next, condemnedAt: tick.number } : next;
}

function evidenceBehind(
  settings: VerdictSettings,
  state: VerdictState,
  tick: VerdictTick,
  past: DenseHistogram,
): Pick<VerdictState, 'relative' | 'absolute' | 'latency' | 'incident' | 'gauges'> {
  const { errors, latency, gainMax } = settings;
  const { rate, absoluteAlternatives = errors.alternatives } = errors;
  const tempering = temperingOf(state.dispersion);
  // Evidence that is made less is evidence still: its expected value falls.
  const advance = (before: readonly number[], increments: readonly number[], gain: number) =>
    advanceMixture(
      before,
      increments.map((increment) => Math.min(increment, gain)),
      state.ticks + 1,
      settings.restarts,
    );
  return {
    relative: advance(
      state.relative,
      relativeErrorIncrements(tick.errors, errors, tempering),
      gainMax.errors,
    ),
    absolute: advance(
      state.absolute,
      absoluteErrorIncrements(tick.errors, { rate, alternatives: absoluteAlternatives }, tempering),
      gainMax.errors,
    ),
    latency: advance(
      state.latency,
      latencyIncrements(tick.latency, past, latency),
      gainMax.latency,
    ),
    incident: incidentBehind(settings, state, tick),
    gauges: gaugesBehind(state.gauges, tick.gauges ?? {}),
  };
}

/** How far the evidence of an incident may rise, so that it falls soon when the incident is over. */
const INCIDENT_LOG_MAX = 20;

function incidentBehind(
  { errors, restarts }: VerdictSettings,
  { incident, ticks }: VerdictState,
  { errors: counts }: VerdictTick,
): readonly number[] {
  const all = {
    candidateResponses: counts.candidateResponses + counts.stableResponses,
    candidateFailures: counts.candidateFailures + counts.stableFailures,
    ...{ stableResponses: 0, stableFailures: 0 },
  };
  const null_ = { rate: errors.incidentRate, alternatives: errors.alternatives };
  const increments = absoluteErrorIncrements(all, null_, 1);
  return advanceMixture(incident, increments, ticks + 1, restarts).map((log) =>
    Math.min(log, INCIDENT_LOG_MAX),
  );
}

function gaugesBehind(
  before: VerdictState['gauges'],
  blocks: Readonly<Record<string, number>>,
): VerdictState['gauges'] {
  const observed = Object.entries(blocks).map(
    ([name, difference]) => [name, observeBlock(before[name] ?? initialGauge, difference)] as const,
  );
  return observed.length === 0 ? before : { ...before, ...Object.fromEntries(observed) };
}

/** There are no restarts here: a PASS speaks of all that was seen. */
function harmlessBehind(
  { errors, latency }: VerdictSettings,
  { harmless }: VerdictState,
  tick: VerdictTick,
  past: DenseHistogram,
): VerdictState['harmless'] {
  const alternatives = errors.passAlternatives;
  const relative = { ratio: errors.harm.ratio, alternatives };
  const absolute = { rate: errors.harm.rate, alternatives };
  return {
    relative: sum(harmless.relative, relativeErrorIncrements(tick.errors, relative, 1)),
    absolute: sum(harmless.absolute, absoluteErrorIncrements(tick.errors, absolute, 1)),
    latency: harmlessLatencyIncrements(tick, past, latency.pass).map((increments, at) =>
      sum(harmless.latency[at] ?? [], increments),
    ),
  };
}

function sum(before: readonly number[], increments: readonly number[]): readonly number[] {
  return increments.map((increment, at) => (before[at] ?? 0) + increment);
}

function measuredBehind(
  { tickMs }: VerdictSettings,
  state: VerdictState,
  { errors, slice, latency }: VerdictTick,
): Pick<
  VerdictState,
  'dispersion' | 'stableLately' | 'totals' | 'candidateLatency' | 'stableSinceCandidate'
> {
  const { totals } = state;
  return {
    dispersion: observeDispersion(state.dispersion, { ...slice, ...errors }),
    stableLately: extendWindow(state.stableLately, latency.stable, { tick: state.ticks, tickMs }),
    totals: {
      candidateResponses: totals.candidateResponses + errors.candidateResponses,
      stableResponses: totals.stableResponses + errors.stableResponses,
      candidateFailures: totals.candidateFailures + errors.candidateFailures,
      stableFailures: totals.stableFailures + errors.stableFailures,
    },
    candidateLatency: addSparse(state.candidateLatency, latency.candidate),
    stableSinceCandidate:
      errors.candidateResponses > 0 ? 0 : state.stableSinceCandidate + errors.stableResponses,
  };
}
