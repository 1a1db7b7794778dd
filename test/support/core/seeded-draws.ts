/** Draws from the distributions that counts and times have; the same for the same seed. */
import { randomBinomial, randomNormal, randomPoisson, randomUniform } from 'd3-random';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import type { Draws } from '../../../src/core/traffic-model/draws.ts';

export interface SeededDraws extends Draws {
  binomial(trials: number, chance: number): number;
}

export function seededDraws(seed: number): SeededDraws {
  // Of those at hand the one whose first draws do not resemble those of the next seed.
  const generator = mersenne(seed);
  const source = (): number => uniformFloat64(generator);
  const randomCount = randomPoisson.source(source);
  const poisson = (mean: number): number => (mean <= 0 ? 0 : randomCount(mean)());
  const binomial = randomBinomial.source(source);
  return {
    uniform: randomUniform.source(source)(),
    normal: randomNormal.source(source)(),
    poisson,
    spread(mean, shares, tell) {
      for (const [at, share] of shares.entries()) {
        const count = poisson(mean * share);
        if (count > 0) tell(at, count);
      }
    },
    binomial: (trials, chance) => binomial(trials, chance)(),
  };
}
