/** The same stalled target, seen by the generator, by arithmetic and by the correction that wrk2 makes. */
import type { ReportedQuantile } from '../../../src/core/load/reported-figures.ts';
import { runLoad } from '../../../src/load/run-load.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { freePort } from '../../stand/free-port.ts';
import { endProcess, spawnOn, untilAccepts } from '../edge/contender.ts';
import { benchTarget } from './bench-target.ts';
import { runClosedLoop } from './closed-loop.ts';
import { trueLatencyMs, type Stalls } from './stalls.ts';

const program = new URL('./stalling-target-main.ts', import.meta.url).pathname;
/** So that what has piled up in a stall is answered at once, as arithmetic has it. */
const RATE = 250;
const comparedQuantiles = ['p50', 'p90', 'p99', 'p99.9', 'max'] as const;
/** Below it the target's own time counts, which arithmetic does not know. */
const COMPARED_MS_MIN = 20;

export interface ComparedQuantile {
  readonly stalls: string;
  readonly quantile: ReportedQuantile;
  readonly trueMs: number;
  readonly oursMs: number;
  /** Without any correction. */
  readonly rawMs: number;
  readonly correctedMs: number;
  /** Null where there is nothing to compare with. */
  readonly byTruth: number | null;
  readonly byCorrection: number | null;
}

export async function measureStalls(stalls: Stalls): Promise<readonly ComparedQuantile[]> {
  const port = await freePort();
  const { everyMs, stallMs, count } = stalls;
  const originMs = Number(systemClock.monotonicNs()) / 1e6;
  const args = [program, String(port), String(everyMs), String(stallMs), String(originMs)];
  const child = spawnOn('load', process.execPath, args);
  try {
    await untilAccepts(port);
    const url = new URL(`http://127.0.0.1:${port}/`);
    const durationMs = everyMs * count;
    const load = { form: 'constant', ratePerSecond: RATE, durationMs, seed: 1 } as const;
    const { figures } = await runLoad({
      ...{ target: benchTarget(url), plan: load, warmUpMs: everyMs, clock: systemClock },
      signal: new AbortController().signal,
    });
    const { raw, corrected } = await runClosedLoop(url, load);
    return comparedQuantiles.map((quantile) => {
      const trueMs = trueLatencyMs(stalls, quantile);
      const oursMs = figures.latencyMs?.[quantile] ?? NaN;
      const percent = quantile === 'max' ? 100 : Number(quantile.slice(1));
      const correctedMs = corrected.getValueAtPercentile(percent) / 1_000;
      const isCompared = trueMs >= COMPARED_MS_MIN;
      return {
        ...{ stalls: stalls.name, quantile, trueMs, oursMs, correctedMs },
        rawMs: raw.getValueAtPercentile(percent) / 1_000,
        byTruth: isCompared ? oursMs / trueMs : null,
        byCorrection: isCompared ? oursMs / correctedMs : null,
      };
    });
  } finally {
    await endProcess(child);
  }
}
