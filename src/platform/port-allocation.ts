/** Finds free TCP ports on the loopback address for new instances. */
import { randomInt } from 'node:crypto';
import { operationalError } from '../core/operational-error.ts';
import { tryListening } from './try-listening.ts';

export const INSTANCE_HOST = '127.0.0.1';

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** Outside of the range from which systems give ports to outgoing connections. */
export const DEFAULT_PORT_RANGE: PortRange = { from: 20_000, to: 29_999 };

/** Throws `port-unavailable` when the range has fewer free ports. `taken` are never chosen. */
export async function findFreePorts(
  count: number,
  range: PortRange,
  taken: ReadonlySet<number>,
): Promise<number[]> {
  const size = range.to - range.from + 1;
  // Starting anywhere keeps several hosts on one machine from running after the same port.
  const start = randomInt(size);
  const ports: number[] = [];
  for (let step = 0; step < size && ports.length < count; step += 1) {
    const port = range.from + ((start + step) % size);
    if (!taken.has(port) && (await isPortFree(port))) ports.push(port);
  }
  if (ports.length === count) return ports;
  throw operationalError(
    'port-unavailable',
    `Only ${ports.length} of ${count} ports are free between ${range.from} and ${range.to}.`,
  );
}

export async function isPortFree(port: number): Promise<boolean> {
  return (await tryListening({ host: INSTANCE_HOST, port })) === null;
}
