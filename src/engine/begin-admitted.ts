/**
 * The driving server's ear for the others: it begins what they have admitted, and takes up what a
 * former driver began without knowing that it was replaced.
 */
import type { Log } from '../platform/log.ts';
import { isPassing } from '../store/database.ts';
import type { DrivenDeployments } from './driven-deployments.ts';
import type { EngineContext } from './engine-context.ts';
import type { DurableEngine } from './take-over.ts';

/** In case that the word of a new deployment was lost. */
const LOOK_EVERY_MS = 1_000;
const RUNNING_MAX = 1_000;

export interface Listening {
  readonly engine: Pick<EngineContext, 'store' | 'clock' | 'lock' | 'signals'>;
  readonly durable: DurableEngine;
  readonly driven: DrivenDeployments;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Resolves when the signal is aborted. */
export async function beginAdmitted(listening: Listening): Promise<void> {
  const { engine, driven, log, signal } = listening;
  let wake = (): void => undefined;
  const stop = engine.signals.onAudit((deployment) => {
    if (deployment !== null && !driven.has(deployment)) wake();
  });
  while (!signal.aborted) {
    const woken = new AbortController();
    wake = () => woken.abort();
    try {
      if (engine.lock.isHeld()) await beginOnce(listening);
    } catch (error) {
      // The next look comes in a second; a database that is away is nobody's news here.
      if (!isPassing(error)) log.error('admitted deployments could not be begun', { error });
    }
    const end = AbortSignal.any([signal, woken.signal]);
    await engine.clock.sleep(LOOK_EVERY_MS, end).catch(() => undefined);
  }
  stop();
}

async function beginOnce({ engine, durable, driven }: Listening): Promise<void> {
  await durable.recover();
  const running = await engine.store.listDeployments({ status: 'running', limit: RUNNING_MAX });
  for (const { number, resumption } of running) {
    if (!driven.has(number)) await durable.begin(number, resumption);
  }
}
