/** Where a balancer takes clients, and whether two of them would be in each other's way. */

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const WILDCARDS = ['0.0.0.0', '::', '*', ''];

/** Errs on the side of yes: a wildcard of one address family may well serve the other. */
export function addressesOverlap(left: ListenAddress, right: ListenAddress): boolean {
  if (left.port !== right.port) return false;
  const hosts = [left.host, right.host].map(canonicalHost);
  return hosts[0] === hosts[1] || hosts.some((host) => WILDCARDS.includes(host));
}

/** One spelling for each IP address: `0:0::1` and `::1` are the same. */
function canonicalHost(host: string): string {
  if (host === 'localhost') return '127.0.0.1';
  if (!host.includes(':')) return host;
  return URL.parse(`http://[${host}]`)?.hostname.slice(1, -1) ?? host;
}
