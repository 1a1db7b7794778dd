/** How long a request may wait at a balancer; null where that does not say. */
export function requestTimeoutOf(balancer: Readonly<Record<string, unknown>>): number | null {
  const { requestTimeout } = balancer;
  return typeof requestTimeout === 'number' ? requestTimeout : null;
}
