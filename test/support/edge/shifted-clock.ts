/** The system's clock, set forward by the test: leases end without waiting. */
import { systemClock, type Clock } from '../../../src/platform/clock.ts';

export interface ShiftedClock extends Clock {
  advance(ms: number): void;
}

/** Stands still but for what the test says: what happens on it needed no time. */
export function createStillClock(): ShiftedClock {
  let nowNs = systemClock.monotonicNs();
  return {
    ...systemClock,
    monotonicNs: () => nowNs,
    advance(ms) {
      nowNs += BigInt(Math.round(ms * 1e6));
    },
  };
}

export function createShiftedClock(): ShiftedClock {
  let shiftNs = 0n;
  return {
    ...systemClock,
    monotonicNs: () => systemClock.monotonicNs() + shiftNs,
    advance(ms) {
      shiftNs += BigInt(Math.round(ms * 1e6));
    },
  };
}
