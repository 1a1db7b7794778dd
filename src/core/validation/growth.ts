/**
 * Whether memory grows for good. Garbage makes it rise and fall: what a leak lifts is the floor below that. So the
 * first half, in which caches fill, is left out, the other is cut into parts, and the least of each is ranked against
 * those before it (Mann and Kendall). decisions/0036 says how often that is wrong.
 */

export interface Growth {
  readonly perMs: number;
  readonly overMs: number;
  /** Significantly, and by enough to matter. */
  readonly isReal: boolean;
}

/** Of the second half. */
const PARTS = 8;
const SAMPLES_PER_PART_MIN = 5;
const WARM_SHARE = 1 / 2;
/** Of 28 pairs, how many more must have risen than fallen: by chance fewer than one in a thousand do. */
const EXCESS_MIN = 24;
/** Of the level it began at; heaps and arenas creep by less. */
const SHARE_MIN = 0.05;

export const GROWTH_SAMPLES_MIN = (PARTS * SAMPLES_PER_PART_MIN) / (1 - WARM_SHARE);

interface Point {
  readonly atMs: number;
  readonly value: number;
}

/** In the order of time; null of fewer than `GROWTH_SAMPLES_MIN`. */
export function growthOf(samples: readonly Point[]): Growth | null {
  if (samples.length < GROWTH_SAMPLES_MIN) return null;
  const warm = samples.slice(Math.floor(samples.length * WARM_SHARE));
  const floors = Array.from({ length: PARTS }, (_, part) => {
    const [from, to] = [part, part + 1].map((at) => Math.floor((at * warm.length) / PARTS));
    return floorOf(warm.slice(from, to));
  });
  const rises = floors.flatMap((earlier, at) =>
    floors.slice(at + 1).map((later) => ({
      by: later.value - earlier.value,
      perMs: (later.value - earlier.value) / (later.atMs - earlier.atMs),
    })),
  );
  const excess = rises.reduce((sum, { by }) => sum + Math.sign(by), 0);
  const perMs = medianOf(rises.map((rise) => rise.perMs));
  const overMs = (warm.at(-1)?.atMs ?? 0) - (warm[0]?.atMs ?? 0);
  const level = medianOf(floors.slice(0, 3).map(({ value }) => value));
  return { perMs, overMs, isReal: excess >= EXCESS_MIN && perMs * overMs >= SHARE_MIN * level };
}

/** Placed in the middle of its part, so that no two floors share a moment. */
function floorOf(part: readonly Point[]): Point {
  return {
    atMs: medianOf(part.map(({ atMs }) => atMs)),
    value: part.reduce((least, { value }) => Math.min(least, value), Infinity),
  };
}

/** The upper one of two. */
function medianOf(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
