/**
 * Who has lately met a failure of a pool, so that a caller that tries again is not taken for another
 * one: all its failures within ten seconds of the first are one.
 */
const WINDOW_NS = 10_000_000_000n;

export interface FailingCallers {
  /** Whether this is a caller's first failure in ten seconds; it is remembered. */
  isFirst(caller: unknown, nowNs: bigint): boolean;
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
    isFirst(caller, nowNs) {
      forget(nowNs);
      if (firstNs.has(caller)) return false;
      firstNs.set(caller, nowNs);
      return true;
    },
  };
}
