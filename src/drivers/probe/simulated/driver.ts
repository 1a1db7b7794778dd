/** Probe `simulated`: a function answers. For the simulation and for tests of what uses probes. */
import { z } from 'zod';
import { durationSchema } from '../../../core/model/duration.ts';
import { printableLine } from '../../../core/printable-line.ts';
import { elapsedMs, systemClock, type Clock } from '../../../platform/clock.ts';
import type { Driver, DriverContext, ProbeResult, ProbeSubject } from '../../contract.ts';

const LINE_LENGTH_MAX = 300;

const configSchema = z.strictObject({
  timeout: durationSchema.prefault('2s').describe('How long an answer may take.'),
});

type SimulatedProbeConfig = z.output<typeof configSchema>;

export interface SimulatedAnswer {
  readonly ok: boolean;
  readonly observed: string;
  /** How long the answer takes; at once when left out. */
  readonly afterMs?: number;
}

/** Null never answers. `asked` counts the questions to the driver from 1. */
export type ProbeScript = (subject: ProbeSubject, asked: number) => SimulatedAnswer | null;

/** A driver per script: what was asked is counted in it and nowhere else. */
export function simulatedProbe(
  script: ProbeScript,
  clock: Clock = systemClock,
): Driver<'probe', SimulatedProbeConfig> {
  let asked = 0;
  return {
    kind: 'probe',
    id: 'simulated',
    summary: 'Answers by a function; touches nothing.',
    config: configSchema,
    capabilities: new Set(),
    connect: (config) => ({
      run: (subject, context) => {
        asked += 1;
        return answer(script(subject, asked), config, clock, context);
      },
    }),
  };
}

async function answer(
  scripted: SimulatedAnswer | null,
  { timeout }: SimulatedProbeConfig,
  clock: Clock,
  { signal }: DriverContext,
): Promise<ProbeResult> {
  signal.throwIfAborted();
  const startNs = clock.monotonicNs();
  const afterMs = scripted ? (scripted.afterMs ?? 0) : Infinity;
  if (afterMs > 0) await clock.sleep(Math.min(afterMs, timeout), signal);
  const inTime = scripted !== null && afterMs <= timeout;
  return {
    ok: inTime && scripted.ok,
    observed: inTime
      ? printableLine(scripted.observed, LINE_LENGTH_MAX)
      : `no answer within ${timeout} ms`,
    expected: 'what the script says',
    durationMs: elapsedMs(clock, startNs),
  };
}
