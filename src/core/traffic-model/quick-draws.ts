/**
 * Draws for a million modelled seconds: an exact Poisson distribution as long as counts are small, and
 * a rounded normal one where nobody could tell the difference. The same for the same seed.
 */
import { mersenne } from 'pure-rand/generator/mersenne';
import type { Draws } from './draws.ts';
import { countAt, poissonTable } from './poisson-table.ts';

const UINT32_RANGE = 2 ** 32;
/** Above it the normal distribution is off by less than what is known of any service's traffic. */
const EXACT_MEAN_MAX = 40;
/** Of each of these parts of a mean there is a table, up to what is drawn exactly. */
const PART = 1 / 4;
const TABLES = Array.from({ length: EXACT_MEAN_MAX / PART + 1 }, (_, at) =>
  poissonTable(at * PART),
);

export function quickDraws(seed: number): Draws {
  // Of those at hand the one whose first draws do not resemble those of the next seed.
  const generator = mersenne(seed);
  const uniform = (): number => (generator.next() >>> 0) / UINT32_RANGE;
  let spare: number | null = null;

  /** Box and Muller: two at a time. */
  function normal(): number {
    if (spare !== null) {
      const drawn = spare;
      spare = null;
      return drawn;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  function poisson(mean: number): number {
    if (mean <= 0) return 0;
    if (mean > EXACT_MEAN_MAX) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    // By inversion: one draw, and as many steps as are counted.
    let count = 0;
    let term = Math.exp(-mean);
    let left = uniform() - term;
    while (left >= 0 && term > 0) {
      count += 1;
      term *= mean / count;
      left -= term;
    }
    return count;
  }

  const gap = (): number => -Math.log(1 - uniform());

  return {
    uniform,
    normal,
    poisson,
    spread(mean, shares, tell) {
      if (mean <= 0) return;
      // What no table has of each share lies end to end on one line, which has its own events.
      let event = gap();
      let end = 0;
      for (let at = 0; at < shares.length; at += 1) {
        const expected = mean * (shares[at] ?? 0);
        const parts = Math.floor(expected / PART);
        const table = TABLES[parts];
        let count = 0;
        if (table === undefined) count = poisson(expected);
        else {
          if (parts > 0) count = countAt(table, uniform());
          for (end += expected - parts * PART; event < end; event += gap()) count += 1;
        }
        if (count > 0) tell(at, count);
      }
    },
  };
}
