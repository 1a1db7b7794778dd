/**
 * Poisson's distribution of one mean, made once to be drawn from often: a number from 0 to 1 is looked up
 * in what the chances add up to, from where a coarse index says that it lies.
 */
export interface PoissonTable {
  /** For each count the chance of it or fewer; the last one is above every uniform draw. */
  readonly cumulative: Float64Array;
  /** For each part of the way from 0 to 1 the first count that may be drawn in it. */
  readonly starts: Uint8Array;
}

const PARTS = 128;
/** Whatever is rarer comes up in no draw of 32 bits. */
const RAREST = 2 ** -40;

/** `mean` is at most 100, so that counts fit. */
export function poissonTable(mean: number): PoissonTable {
  const cumulative: number[] = [];
  let chance = Math.exp(-mean);
  let sum = chance;
  for (let count = 1; chance > RAREST || count <= mean; count += 1) {
    cumulative.push(sum);
    chance *= mean / count;
    sum += chance;
  }
  cumulative.push(1);
  const starts = new Uint8Array(PARTS);
  for (let part = 0, count = 0; part < PARTS; part += 1) {
    while ((cumulative[count] ?? 1) <= part / PARTS) count += 1;
    starts[part] = count;
  }
  return { cumulative: Float64Array.from(cumulative), starts };
}

/** The count that a uniform draw from 0 up to, not including, 1 stands for. */
export function countAt({ cumulative, starts }: PoissonTable, uniform: number): number {
  let count = starts[Math.floor(uniform * PARTS)] ?? 0;
  while ((cumulative[count] ?? 1) <= uniform) count += 1;
  return count;
}
