/**
 * Whether somebody has asked something of the deployment that is carried out. The database is asked at
 * the beginning and when it is told that there may be something new, not at every step.
 */
import type { RequestKind } from '../core/deployment/operator-request.ts';
import type { EngineContext } from './engine-context.ts';

export interface RequestWatch {
  /**
   * Calls back once a request of one of `kinds` waits to be read, before it returns or from then on, with
   * all that wait; gives the way to stop. Waits for the database only when there may be a request, and not
   * behind the signal's end.
   */
  whenOpen(
    kinds: readonly RequestKind[],
    callback: (open: readonly RequestKind[]) => void,
    signal: AbortSignal,
  ): Promise<() => void>;
  close(): void;
}

const LOOK_AGAIN_MS = 500;

export function watchRequests(
  { store, signals, clock }: Pick<EngineContext, 'store' | 'signals' | 'clock'>,
  deployment: number,
): RequestWatch {
  let mayBeOpen = true;
  let waiting: ((open: readonly RequestKind[]) => void) | null = null;

  async function look(): Promise<void> {
    const callback = waiting;
    if (callback === null) return;
    // Whatever comes from now on is told again.
    mayBeOpen = false;
    try {
      const open = await store.openRequests(deployment);
      mayBeOpen ||= open.length > 0;
      if (waiting === callback) callback(open);
    } catch {
      // The database is away, and a wait may have no other end than what is looked for.
      mayBeOpen = true;
      void clock.sleep(LOOK_AGAIN_MS).then(() => (waiting === callback ? look() : undefined));
    }
  }

  const stop = signals.onRequest(deployment, () => {
    mayBeOpen = true;
    void look();
  });
  return {
    async whenOpen(kinds, callback, signal) {
      waiting = (open) => {
        if (open.some((kind) => kinds.includes(kind))) callback(open);
      };
      if (mayBeOpen) await Promise.race([look(), endOf(signal)]);
      return () => (waiting = null);
    },
    close: stop,
  };
}

function endOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
