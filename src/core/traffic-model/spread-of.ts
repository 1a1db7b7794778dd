/** Response times as they are at a moment: moved by drift and by what a release does worse. */
import type { SparseHistogram } from '../model/histogram.ts';
import type { Draws } from './draws.ts';
import type { Regression } from './regression.ts';
import { OCTAVE, type ResponseTimes } from './response-times.ts';

/** How responses are spread over buckets from the first on, every so many. */
export interface Spread {
  readonly first: number;
  readonly grain: number;
  readonly shares: Float64Array;
}

/** For each bucket of the usual times by how many octaves a regression moves it. */
export function octavesSlower(
  { shares, cumulative }: ResponseTimes,
  slower: Regression['slower'],
): readonly number[] {
  if (!slower) return [];
  const { fromQuantile, by } = slower;
  return cumulative.map((upTo, at) => {
    const quantile = upTo - (shares[at] ?? 0) / 2;
    // Grows in between the quantile and four fifths of the way to the slowest response.
    const ramp = fromQuantile === 0 ? 1 : (quantile - fromQuantile) / (0.8 * (1 - fromQuantile));
    return Math.log2(1 + by * Math.min(1, Math.max(0, ramp)));
  });
}

/** Room for the shares of any `spreadOf` the same. */
export function roomOf({ shares, grain }: ResponseTimes, octaves: readonly number[]): Float64Array {
  return new Float64Array(shares.length + Math.ceil((OCTAVE * (octaves.at(-1) ?? 0)) / grain) + 2);
}

/**
 * The usual spread, slower by a factor of exp(`logSlower`) and by what `octavesSlower` says. It is in
 * `shares`, whatever was there: a million of them need not be made.
 */
export function spreadOf(
  times: ResponseTimes,
  logSlower: number,
  octaves: readonly number[] = [],
  shares = roomOf(times, octaves),
): Spread {
  const { grain, shares: usual } = times;
  const moved = OCTAVE * (logSlower / Math.LN2);
  const first = Math.floor((times.first + moved) / grain);
  shares.fill(0);
  const offset = (times.first + moved) / grain - first;
  for (let at = 0; at < usual.length; at += 1) {
    const share = usual[at] ?? 0;
    const exact = at + offset + (OCTAVE / grain) * (octaves[at] ?? 0);
    const place = Math.floor(exact);
    const next = share * (exact - place);
    shares[place] = (shares[place] ?? 0) + share - next;
    shares[place + 1] = (shares[place + 1] ?? 0) + next;
  }
  return { first: first * grain, grain, shares };
}

/** So many responses on average, drawn. */
export function drawLatencies(
  draws: Draws,
  mean: number,
  { first, grain, shares }: Spread,
): SparseHistogram {
  const histogram: (readonly [bucket: number, count: number])[] = [];
  draws.spread(mean, shares, (at, count) => histogram.push([first + at * grain, count]));
  return histogram;
}
