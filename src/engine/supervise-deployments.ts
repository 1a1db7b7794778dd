/**
 * Looks after deployments that nobody drives. What another server has admitted is begun, and what a
 * former driver began is recovered. The durable engine gives a workflow up for good when its replay
 * differs or its own records cannot be written: such a deployment is taken up by a new workflow at the
 * state recorded last, which reverts it, or goes on where there is no way back.
 */
import type { Log } from '../platform/log.ts';
import { elapsedMs } from '../platform/clock.ts';
import type { DrivenDeployments } from './driven-deployments.ts';
import type { EngineContext } from './engine-context.ts';
import { lookWhileDriving } from './look-while-driving.ts';
import { runningDeployments } from './running-deployments.ts';
import type { DurableEngine } from './take-over.ts';

/** In case that the word of a new deployment was lost. */
const LOOK_EVERY_MS = 1_000;
/** Recovery after a start takes about a second; a driver that is that late is lost. */
const LOST_AFTER_MS = 10_000;

export interface Supervision {
  readonly engine: Pick<EngineContext, 'store' | 'clock' | 'lock' | 'signals'>;
  readonly durable: DurableEngine;
  readonly driven: DrivenDeployments;
  readonly log: Log;
  /** Ends the supervision. */
  readonly signal: AbortSignal;
  readonly lostAfterMs?: number;
}

/** Resolves when the signal is aborted. */
export async function superviseDeployments(supervision: Supervision): Promise<void> {
  const { engine, driven, log, signal } = supervision;
  const undrivenSinceNs = new Map<number, bigint>();
  const { wake, ended } = lookWhileDriving({
    ...{ engine, everyMs: LOOK_EVERY_MS, log, signal },
    look: () => lookOnce(supervision, undrivenSinceNs),
    complaint: 'deployments could not be looked after',
  });
  const stop = engine.signals.onAudit((deployment) => {
    if (deployment !== null && !driven.has(deployment)) wake();
  });
  await ended;
  stop();
}

async function lookOnce(
  { engine, durable, driven, log, lostAfterMs = LOST_AFTER_MS }: Supervision,
  undrivenSinceNs: Map<number, bigint>,
): Promise<void> {
  const { store, clock } = engine;
  await durable.recover();
  const running = await runningDeployments(store);
  const undriven = running.filter(({ number }) => !driven.has(number));
  for (const number of [...undrivenSinceNs.keys()]) {
    if (!undriven.some((record) => record.number === number)) undrivenSinceNs.delete(number);
  }
  for (const { number, resumption } of undriven) {
    await durable.begin(number, resumption);
    const sinceNs = undrivenSinceNs.get(number) ?? clock.monotonicNs();
    undrivenSinceNs.set(number, sinceNs);
    if (elapsedMs(clock, sinceNs) < lostAfterMs) continue;
    undrivenSinceNs.delete(number);
    const next = await store.takeUpDeployment(number, resumption);
    if (next === null) continue;
    log.warn('a deployment had lost its driver and is taken up', { deployment: number, next });
    await durable.begin(number, next);
  }
}
