/**
 * Keeps what a command's watches have seen while they go on, so that a server that is lost after hours at
 * a weight loses nothing of them: what the balancer remembers, a quarter of an hour, fills in the rest.
 */
import type { WatchedSeconds } from '../core/gates/watch-seconds.ts';
import type { Scope } from '../core/model/ids.ts';
import type { KeptWatches } from '../store/deployment-store.ts';
import type { Store } from '../store/store.ts';

/** Of one command. */
export interface WatchRecords {
  /** What was seen of the scope's traffic before a process was lost; null when nothing is on record. */
  seen(scope: Scope): WatchedSeconds | null;
  /** Told after every look; keeps it now and then, waits for nothing and never fails. */
  note(scope: Scope, watched: WatchedSeconds): void;
}

const KEEP_EVERY_SECONDS = 60;

export function createWatchRecords(
  store: Pick<Store, 'keepWatch'>,
  command: { readonly deployment: number; readonly outcomeKey: string },
  before: KeptWatches,
): WatchRecords {
  const keptSeconds = new Map<Scope, number>();
  const writing = new Set<Scope>();
  return {
    seen: (scope) => before[scope] ?? null,
    note(scope, watched) {
      const kept = keptSeconds.get(scope);
      // An older one must not arrive behind a newer one.
      const isDue = kept === undefined || watched.nextSecond - kept >= KEEP_EVERY_SECONDS;
      if (!isDue || writing.has(scope)) return;
      keptSeconds.set(scope, watched.nextSecond);
      if (kept === undefined) return;
      writing.add(scope);
      // Without it there is the one before, and the next comes in a minute.
      const end = (): unknown => writing.delete(scope);
      void store.keepWatch({ ...command, scope, watched }).then(end, end);
    },
  };
}
