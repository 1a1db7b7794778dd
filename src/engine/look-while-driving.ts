/** Looks again and again after what is the driver's matter, in the server that drives. */
import type { Log } from '../platform/log.ts';
import { isPassing } from '../store/database.ts';
import type { EngineContext } from './engine-context.ts';

export interface Looking {
  readonly engine: Pick<EngineContext, 'clock' | 'lock'>;
  readonly everyMs: number;
  readonly look: () => Promise<void>;
  readonly log: Log;
  /** A sentence for the log when a look fails; the next one comes all the same. */
  readonly complaint: string;
  /** Ends it. */
  readonly signal: AbortSignal;
}

export interface LookedAfter {
  /** Has the next look come at once. */
  readonly wake: () => void;
  /** Resolves when the signal is aborted. */
  readonly ended: Promise<void>;
}

export function lookWhileDriving(looking: Looking): LookedAfter {
  const { signal } = looking;
  let pause = (): void => undefined;
  const wake = (): void => pause();
  signal.addEventListener('abort', wake, { once: true });
  const ended = lookOn(looking, (end) => (pause = end));
  return { wake, ended };
}

async function lookOn(
  { engine, everyMs, look, log, complaint, signal }: Looking,
  onPause: (end: () => void) => void,
): Promise<void> {
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    // It begins before the look: a word that comes meanwhile ends it.
    const pause = engine.clock.deadline(everyMs);
    const over = new Promise((resolve) => {
      pause.signal.addEventListener('abort', resolve, { once: true });
    });
    onPause(() => pause.end());
    try {
      if (engine.lock.isHeld()) await look();
    } catch (error) {
      // A database that is away is nobody's news here.
      if (!isOver() && !isPassing(error)) log.error(complaint, { error });
    }
    await over;
  }
}
