/** Values as one character each, from the least to the largest of a scale; a gap where there is none. */

export interface SparklineScale {
  readonly least: number;
  readonly most: number;
  /** From low to high. */
  readonly glyphs: readonly string[];
}

const GAP = ' ';

export function sparkline(
  values: readonly (number | null)[],
  { least, most, glyphs }: SparklineScale,
): string {
  const span = most - least;
  return values
    .map((value) => {
      if (value === null || !Number.isFinite(value)) return GAP;
      // Where all values are the same there is nothing to rise from.
      const part = span > 0 ? (value - least) / span : 0;
      const at = Math.floor(part * glyphs.length);
      return glyphs[Math.min(glyphs.length - 1, Math.max(0, at))] ?? GAP;
    })
    .join('');
}
