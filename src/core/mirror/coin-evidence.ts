/**
 * How much two counts speak against a fair coin, as ln E: what a bet on an unknown bias would have
 * made of its capital. Whichever coin is fair multiplies it a thousandfold in less than one of a
 * thousand runs, however often somebody looks (a uniform mixture; Ville's inequality).
 */
export function coinEvidence(heads: number, tails: number): number {
  const tosses = heads + tails;
  return tosses * Math.LN2 + lnFactorial(heads) + lnFactorial(tails) - lnFactorial(tosses + 1);
}

const SUMMED_UP_TO = 32;

function lnFactorial(count: number): number {
  if (count > SUMMED_UP_TO) {
    // Stirling's series; the next term is below 1e-9 from here on.
    return (
      (count + 0.5) * Math.log(count) -
      count +
      0.5 * Math.log(2 * Math.PI) +
      1 / (12 * count) -
      1 / (360 * count ** 3)
    );
  }
  let sum = 0;
  for (let factor = 2; factor <= count; factor += 1) sum += Math.log(factor);
  return sum;
}
