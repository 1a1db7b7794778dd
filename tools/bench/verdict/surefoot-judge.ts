/** The verdict engine as a judge among others. */
import { mergeHistograms } from '../../../src/core/model/histogram.ts';
import { applyTick } from '../../../src/core/verdict/apply-tick.ts';
import { defaultVerdictSettings } from '../../../src/core/verdict/default-verdict-settings.ts';
import { emptyWindow, extendWindow } from '../../../src/core/verdict/stable-window.ts';
import { initialVerdictState, type VerdictState } from '../../../src/core/verdict/verdict-state.ts';
import type { VerdictSettings } from '../../../src/core/verdict/verdict-settings.ts';
import type { VerdictTick } from '../../../src/core/verdict/verdict-tick.ts';
import type { Judge } from './judge.ts';
import type { TrafficTick } from './traffic-model.ts';

export interface SurefootJudge extends Judge {
  readonly settings: VerdictSettings;
  state(): VerdictState;
}

export function surefootJudge(options: {
  readonly tickS: number;
  readonly bakeS: number;
  /** The stable release's last half an hour before the candidate got traffic. */
  readonly before: readonly TrafficTick[];
}): SurefootJudge {
  const { tickS, bakeS, before } = options;
  const settings = verdictSettingsOf(tickS, bakeS);
  const window = before.reduce(
    (window, tick, at) =>
      extendWindow(window, stableOf(tick).latency, {
        tick: at - before.length,
        tickMs: settings.tickMs,
      }),
    emptyWindow,
  );
  let state = initialVerdictState(settings, window);
  let number = 0;
  return {
    name: 'Surefoot',
    observe(tick) {
      number += 1;
      state = applyTick(settings, state, verdictTickOf(number, tick));
      return state.condemnedAt !== null;
    },
    settings,
    state: () => state,
  };
}

/** As the published figures were measured: errors and latency, half of the evidence each. */
export function verdictSettingsOf(tickS: number, bakeS: number) {
  const horizonTicks = Math.round(bakeS / tickS);
  return defaultVerdictSettings({
    tickMs: tickS * 1_000,
    horizonTicks,
    families: ['errors', 'latency'],
  });
}

export function verdictTickOf(number: number, tick: TrafficTick): VerdictTick {
  const { candidate, slice } = tick;
  const stable = stableOf(tick);
  return {
    number,
    errors: {
      candidateResponses: candidate.responses,
      candidateFailures: candidate.failedCallers,
      stableResponses: stable.responses,
      stableFailures: stable.failedCallers,
    },
    slice: { sliceResponses: slice.responses, sliceFailures: slice.failedCallers },
    latency: { candidate: candidate.latency, stable: stable.latency },
  };
}

function stableOf({ slice, rest }: TrafficTick) {
  return {
    responses: slice.responses + rest.responses,
    failedCallers: slice.failedCallers + rest.failedCallers,
    latency: mergeHistograms([slice.latency, rest.latency]),
  };
}
