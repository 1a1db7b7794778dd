/** ln of the mean of exp(value), without overflow; at least one value. */
export function logMeanExp(values: readonly number[]): number {
  // By place, from the last on: an iterator makes objects, and several means are taken at each look.
  let most = -Infinity;
  for (let at = values.length - 1; at >= 0; at -= 1) most = Math.max(most, values[at] ?? NaN);
  if (most === -Infinity) return -Infinity;
  let sum = 0;
  for (let at = values.length - 1; at >= 0; at -= 1) sum += Math.exp((values[at] ?? NaN) - most);
  return most + Math.log(sum / values.length);
}
