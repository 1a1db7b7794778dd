/** The system's clock, set forward by the test: leases end without waiting. */
import { systemClock, type Clock } from '../../../src/platform/clock.ts';

export interface ShiftedClock extends Clock {
  advance(ms: number): void;
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
