/** ln(exp(left) + exp(right)) without overflow. */
export function logAddExp(left: number, right: number): number {
  const most = Math.max(left, right);
  if (most === -Infinity) return -Infinity;
  return most + Math.log1p(Math.exp(Math.min(left, right) - most));
}
