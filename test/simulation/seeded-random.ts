export interface SeededRandom {
  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number;
}

/** mulberry32: small, quick, and good enough to spread timings. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  return {
    below(below) {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
    },
  };
}
