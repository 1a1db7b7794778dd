/** Sends requests when they are due, whatever becomes of those before: an open loop. */
import type { Arrivals } from '../core/load/arrivals.ts';
import type { Clock } from '../platform/clock.ts';
import type { LoadRecord } from './load-record.ts';
import type { LoadTarget } from './load-target.ts';
import { giveUpOverdue, newSender, takeUp, type Sender } from './sender.ts';

export interface Generator {
  readonly nowMs: () => number;
  /** Resolves when its time is over; what is open then ends later. */
  readonly offer: (offer: Offer) => Promise<void>;
  /** Whether all of a record have ended, for which it waits until then; each does by its timeout. */
  readonly settled: (record: LoadRecord, untilMs: number, signal: AbortSignal) => Promise<boolean>;
  /** The most that there were at once. */
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

export interface Offer {
  readonly arrivals: Arrivals;
  /** Begins when the first may be due. */
  readonly record: LoadRecord;
  readonly durationMs: number;
  readonly signal: AbortSignal;
}

export function startGenerator(target: LoadTarget, clock: Clock): Generator {
  const nowMs = (): number => Number(clock.monotonicNs()) / 1e6;
  const sender = newSender(target, nowMs);
  return {
    nowMs,
    offer: (offer) => sendAll(sender, offer, clock),
    async settled(record, untilMs, signal) {
      while (record.open > 0 && nowMs() < untilMs && !signal.aborted) {
        await nap(sender, nowMs() + SETTLE_POLL_MS, clock);
      }
      return record.open === 0;
    },
    connections: sender.connections.opened,
    close: sender.connections.close,
  };
}

/** No longer, so that an abort and time-outs are seen in time. */
const NAP_MS_MAX = 50;
const SETTLE_POLL_MS = 2;

async function sendAll(sender: Sender, offer: Offer, clock: Clock): Promise<void> {
  const { arrivals, record, durationMs, signal } = offer;
  const { startMs } = record;
  let next = arrivals.next();
  while (!signal.aborted) {
    const elapsedMs = sender.nowMs() - startMs;
    for (; next !== null && next <= elapsedMs; next = arrivals.next()) {
      takeUp(sender, startMs + next, record);
    }
    if (next === null && elapsedMs >= durationMs) return;
    await nap(sender, startMs + (next ?? durationMs), clock);
  }
}

async function nap(sender: Sender, untilMs: number, clock: Clock): Promise<void> {
  giveUpOverdue(sender);
  await clock.sleep(Math.min(NAP_MS_MAX, Math.max(0, untilMs - sender.nowMs())));
}
