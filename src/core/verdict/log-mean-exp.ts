/** ln of the mean of exp(value), without overflow; at least one value. */
export function logMeanExp(values: readonly number[]): number {
  let most = -Infinity;
  for (const value of values) most = Math.max(most, value);
  if (most === -Infinity) return -Infinity;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - most);
  return most + Math.log(sum / values.length);
}
