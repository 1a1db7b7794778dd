/** ln E as a bet that people can picture: what a stake of 1 against "no worse" has grown to. */
import { showNumber } from './show-number.ts';

const LOG_MAX = Math.log(1e9);

/** `8,300 : 1`; evidence that somebody would bet against is below `1 : 1`. */
export function showOdds(logEvidence: number): string {
  if (logEvidence > LOG_MAX) return 'more than 1,000,000,000 : 1';
  return `${showNumber(Number(Math.exp(logEvidence).toPrecision(2)))} : 1`;
}

/** The same in a few words, while it is still under way. */
export function showOddsOf(logEvidence: number, needed: number): string {
  return `${showOdds(logEvidence)} against it, ${showOdds(needed)} condemns it (ln E ${showNumber(logEvidence, needed)} of ${showNumber(needed, logEvidence)})`;
}

export function oddsSentence(logEvidence: number, needed: number): string {
  const found = `${showOdds(logEvidence)} against "no worse than the stable release" (ln E ${showNumber(logEvidence, needed)})`;
  const limit = `${showOdds(needed)} (ln E ${showNumber(needed, logEvidence)})`;
  if (logEvidence >= needed) return `${found}; ${limit} was enough to condemn it`;
  if (logEvidence > 0) return `${found}; it takes ${limit} to condemn it`;
  return `none that it is worse: ${found}; it takes ${limit} to condemn it`;
}
