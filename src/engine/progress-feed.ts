/** How a running step goes, for those who watch. Only the last of each deployment is known, and no longer than it runs. */
import type { GateLook } from '../core/gates/gate-look.ts';

export interface Progress {
  readonly deployment: number;
  readonly step: string;
  readonly text: string;
  /** While live traffic is judged. */
  readonly look?: GateLook;
}

export interface ProgressFeed {
  publish(progress: Progress): void;
  subscribe(callback: (progress: Progress) => void): () => void;
  /** What was published last; null when nothing was by this process. */
  lastOf(deployment: number): Progress | null;
  /** The deployment has ended. */
  forget(deployment: number): void;
}

export function createProgressFeed(): ProgressFeed {
  const callbacks = new Set<(progress: Progress) => void>();
  const last = new Map<number, Progress>();
  return {
    publish(progress) {
      last.set(progress.deployment, progress);
      for (const callback of [...callbacks]) callback(progress);
    },
    subscribe(callback) {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    lastOf: (deployment) => last.get(deployment) ?? null,
    forget: (deployment) => void last.delete(deployment),
  };
}
