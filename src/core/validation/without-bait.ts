/** What was planted for a tool to find, taken away from what it found. */
import type { Finding } from './fact.ts';
import { namesPath } from './names-path.ts';

export interface Unbaited<Found extends Finding> {
  /** Those of the planted files that it is in. */
  readonly baits: readonly string[];
  /** What it is apart from that; null of one that is in nothing else. */
  readonly elsewhere: Found | null;
}

/** A finding in something planted and in something that was not is one of what was not. */
export function withoutBait<Found extends Finding>(
  finding: Found,
  planted: readonly string[],
): Unbaited<Found> {
  const { places } = finding;
  if (planted.length === 0 || places.length === 0) return { baits: [], elsewhere: finding };
  const found = places.map((place) => ({
    place,
    bait: planted.find((path) => place.paths.some((each) => namesPath(each, path))),
  }));
  const others = found.flatMap(({ place, bait }) => (bait === undefined ? [place] : []));
  return {
    baits: found.flatMap(({ bait }) => bait ?? []),
    elsewhere: others.length === 0 ? null : { ...finding, places: others },
  };
}
