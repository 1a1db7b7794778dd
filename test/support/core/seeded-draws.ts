/** Draws from the distributions that counts and times have; the same for the same seed. */
import { randomBinomial, randomNormal, randomPoisson, randomUniform } from 'd3-random';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';

export interface SeededDraws {
  /** From 0 up to, not including, 1. */
  uniform(): number;
  /** Around 0 with a standard deviation of 1. */
  normal(): number;
  poisson(mean: number): number;
  binomial(trials: number, chance: number): number;
}

export function seededDraws(seed: number): SeededDraws {
  // Of those at hand the one whose first draws do not resemble those of the next seed.
  const generator = mersenne(seed);
  const source = (): number => uniformFloat64(generator);
  const poisson = randomPoisson.source(source);
  const binomial = randomBinomial.source(source);
  return {
    uniform: randomUniform.source(source)(),
    normal: randomNormal.source(source)(),
    poisson: (mean) => (mean <= 0 ? 0 : poisson(mean)()),
    binomial: (trials, chance) => binomial(trials, chance)(),
  };
}
