/**
 * The load client's randomness: a value for every (seed, index, salt), without state, so that
 * request number 4711 of seed 7 is the same request however the run before it went.
 */
export function randomAt(seed: number, index: number, salt: number): number {
  let hash = mix(seed >>> 0);
  hash = mix(hash ^ (index >>> 0));
  hash = mix(hash ^ (salt >>> 0));
  return hash / 0x1_0000_0000;
}

// The finalizer of MurmurHash3 with an odd offset, so that zeros do not stay zeros.
function mix(value: number): number {
  let hash = (value + 0x9e3779b9) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
