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
  { cumulative }: ResponseTimes,
  slower: Regression['slower'],
): readonly number[] {
  if (!slower) return [];
  const { fromQuantile, by } = slower;
  return cumulative.map((quantile) => {
    // Grows in between the quantile and four fifths of the way to the slowest response.
    const ramp = fromQuantile === 0 ? 1 : (quantile - fromQuantile) / (0.8 * (1 - fromQuantile));
    return Math.log2(1 + by * Math.min(1, Math.max(0, ramp)));
  });
}

/** The usual spread, slower by a factor of exp(`logSlower`) and by what `octavesSlower` says. */
export function spreadOf(
  times: ResponseTimes,
  logSlower: number,
  octaves: readonly number[] = [],
): Spread {
  const { grain, shares: usual } = times;
  const moved = OCTAVE * (logSlower / Math.LN2);
  const first = Math.floor((times.first + moved) / grain);
  const widest = Math.ceil((OCTAVE * (octaves.at(-1) ?? 0)) / grain);
  const shares = new Float64Array(usual.length + widest + 2);
  for (let at = 0; at < usual.length; at += 1) {
    const share = usual[at] ?? 0;
    const bucket = times.first + at * grain + moved + OCTAVE * (octaves[at] ?? 0);
    const exact = bucket / grain - first;
    const place = Math.floor(exact);
    shares[place] = (shares[place] ?? 0) + share * (1 - (exact - place));
    shares[place + 1] = (shares[place + 1] ?? 0) + share * (exact - place);
  }
  return { first: first * grain, grain, shares };
}

/** So many responses on average, drawn. */
export function drawLatencies(draws: Draws, mean: number, spread: Spread): SparseHistogram {
  const counts = draws.spread(mean, spread.shares);
  const histogram: (readonly [bucket: number, count: number])[] = [];
  for (let at = 0; at < counts.length; at += 1) {
    const count = counts[at] ?? 0;
    if (count > 0) histogram.push([spread.first + at * spread.grain, count]);
  }
  return histogram;
}
