/** The second of a monotonic time, by which traffic is counted. */
export function secondOf(nowNs: bigint): number {
  return Number(nowNs / 1_000_000_000n);
}
