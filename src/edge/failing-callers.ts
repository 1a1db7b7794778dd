/**
 * Who has lately met a failure, of whichever pool: all failures of a caller within ten seconds of its
 * first are one. Over all pools together, so that an incident which both releases meet is counted for
 * each by its share of the traffic.
 */
const WINDOW_NS = 10_000_000_000n;
/** In an outage of many; whoever comes on top counts with every failure. */
const CALLERS_MAX = 10_000;

export interface FailingCallers {
  /** Whether this is a caller's first failure in ten seconds; it is remembered. */
  isFirst(caller: unknown, nowNs: bigint): boolean;
  /** Lets go of those whose time is over. */
  forget(nowNs: bigint): void;
}

export function createFailingCallers(): FailingCallers {
  // In the order of their first failures, so that the ones to forget come first.
  const firstNs = new Map<unknown, bigint>();

  function forget(nowNs: bigint): void {
    for (const [caller, atNs] of firstNs) {
      if (nowNs - atNs < WINDOW_NS) return;
      firstNs.delete(caller);
    }
  }

  return {
    forget,
    isFirst(caller, nowNs) {
      forget(nowNs);
      if (firstNs.has(caller)) return false;
      if (firstNs.size < CALLERS_MAX) firstNs.set(caller, nowNs);
      return true;
    },
  };
}
