/**
 * Whether somebody has asked something of the deployment that is carried out. The database is asked at
 * the beginning and when it is told that there may be something new, not at every step.
 */
import type { EngineContext } from './engine-context.ts';

export interface RequestWatch {
  /** Calls back once a request waits to be read, now or from now on; returns the way to stop. */
  whenOpen(callback: () => void): () => void;
  close(): void;
}

export function watchRequests(
  { store, signals }: Pick<EngineContext, 'store' | 'signals'>,
  deployment: number,
): RequestWatch {
  let mayBeOpen = true;
  let waiting: (() => void) | null = null;

  function look(): void {
    const callback = waiting;
    if (callback === null) return;
    // Whatever comes from now on is told again.
    mayBeOpen = false;
    store.hasOpenRequest(deployment).then(
      (isOpen) => {
        mayBeOpen ||= isOpen;
        if (isOpen && waiting === callback) callback();
      },
      // The database is away: the request is read when the step ends, or looked for at the next one.
      () => (mayBeOpen = true),
    );
  }

  const stop = signals.onRequest(deployment, () => {
    mayBeOpen = true;
    look();
  });
  return {
    whenOpen(callback) {
      waiting = callback;
      if (mayBeOpen) look();
      return () => (waiting = null);
    },
    close: stop,
  };
}
