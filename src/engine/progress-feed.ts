/** How a running step goes, for those who watch; kept nowhere. */
export interface Progress {
  readonly deployment: number;
  readonly step: string;
  readonly text: string;
}

export interface ProgressFeed {
  publish(progress: Progress): void;
  subscribe(callback: (progress: Progress) => void): () => void;
}

export function createProgressFeed(): ProgressFeed {
  const callbacks = new Set<(progress: Progress) => void>();
  return {
    publish(progress) {
      for (const callback of [...callbacks]) callback(progress);
    },
    subscribe(callback) {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
  };
}
