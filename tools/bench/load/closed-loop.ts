/**
 * The way of wrk2: connections that send the next request at their next beat once the one before is answered, so that
 * what a stall delays is never sent, and a histogram that adds what was left out, by the interval that was expected.
 */
import { build, type Histogram } from 'hdr-histogram-js';
import { Client } from 'undici';
import { systemClock } from '../../../src/platform/clock.ts';

const CONNECTIONS = 10;

export interface ClosedLoop {
  /** As it was measured. */
  readonly raw: Histogram;
  /** With what was left out. */
  readonly corrected: Histogram;
}

export async function runClosedLoop(
  url: URL,
  load: { readonly ratePerSecond: number; readonly durationMs: number },
): Promise<ClosedLoop> {
  const loop = { raw: newHistogram(), corrected: newHistogram() };
  const intervalMs = (CONNECTIONS * 1_000) / load.ratePerSecond;
  const startMs = nowMs();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, (_, at) =>
      sendOn(url, loop, {
        intervalMs,
        beginsMs: startMs + (at * intervalMs) / CONNECTIONS,
        endsMs: startMs + load.durationMs,
      }),
    ),
  );
  return loop;
}

async function sendOn(
  url: URL,
  { raw, corrected }: ClosedLoop,
  beat: { readonly intervalMs: number; readonly beginsMs: number; readonly endsMs: number },
): Promise<void> {
  const client = new Client(url.origin);
  const { intervalMs, beginsMs, endsMs } = beat;
  for (let dueMs = beginsMs; dueMs < endsMs;) {
    await systemClock.sleep(Math.max(0, dueMs - nowMs()));
    const { body } = await client.request({ method: 'GET', path: url.pathname });
    await body.dump();
    const now = nowMs();
    const us = Math.max(1, Math.round((now - dueMs) * 1_000));
    raw.recordValue(us);
    corrected.recordValueWithExpectedInterval(us, intervalMs * 1_000);
    const beats = Math.max(1, Math.ceil((now - dueMs) / intervalMs));
    dueMs += beats * intervalMs;
  }
  await client.close();
}

function newHistogram(): Histogram {
  return build({ highestTrackableValue: 2 ** 33, numberOfSignificantValueDigits: 3 });
}

function nowMs(): number {
  return Number(systemClock.monotonicNs()) / 1e6;
}
