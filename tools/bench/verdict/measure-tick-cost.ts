/** What one tick costs a busy service, on this processor: 10,000 requests a second. */
import { applyTick } from '../../../src/core/verdict/apply-tick.ts';
import { initialVerdictState } from '../../../src/core/verdict/verdict-state.ts';
import { quantile } from '../../../src/core/model/quantile.ts';
import { verdictSettingsOf, verdictTickOf } from './surefoot-judge.ts';
import { createTraffic } from './traffic-model.ts';

const DISTINCT = 20;
const WARM_UP_ROUNDS = 250;
const ROUNDS = 500;

export function measureTickCost(): { readonly medianUs: number; readonly p99Us: number } {
  const options = { seed: 1, candidateRps: 1_000, tickS: 5, errorRate: 0.000_1, isNoisy: true };
  const traffic = createTraffic(options);
  const distinct = Array.from({ length: DISTINCT }, () => verdictTickOf(0, traffic.next()));
  const settings = verdictSettingsOf(options.tickS, ROUNDS * DISTINCT * options.tickS);
  let state = initialVerdictState(settings);
  let number = 0;
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const tick of distinct) {
      number += 1;
      const startedNs = process.hrtime.bigint();
      state = applyTick(settings, state, { ...tick, number });
      const tookUs = Number(process.hrtime.bigint() - startedNs) / 1_000;
      if (round >= WARM_UP_ROUNDS) times.push(tookUs);
    }
  }
  return { medianUs: quantile(times, 0.5), p99Us: quantile(times, 0.99) };
}
