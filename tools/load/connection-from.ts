import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';

interface TimedSocket extends Socket {
  connectionFromMs?: number;
}

/**
 * Since when a request's connection is there: to be asked as soon as the request has it. Begun, not
 * made: a busy client learns late that it is connected, and the other side knew before.
 */
export function connectionFromMs(socket: Socket): number {
  const timed: TimedSocket = socket;
  timed.connectionFromMs ??= Math.round(performance.timeOrigin + performance.now());
  return timed.connectionFromMs;
}
