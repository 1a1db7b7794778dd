import type { LoadTarget } from '../../../src/load/load-target.ts';

export function benchTarget(url: URL): LoadTarget {
  return {
    ...{ url, method: 'GET', headers: [], body: null, timeoutMs: 10_000 },
    // As many as a stall of two seconds holds up.
    connectionsMax: 5_000,
    isGood: (status) => status === 200,
  };
}
