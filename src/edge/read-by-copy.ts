/**
 * Connects to endpoints and reads what they send through one buffer. Node would set aside 64 KiB for each
 * read and hand them to the collector, also when an answer has a hundred bytes.
 */
import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import { invariant } from '../core/invariant.ts';

const READ_BYTES_MAX = 64 * 1024;

/** The sockets are as undici's own connector makes them in everything else. */
export function readByCopy(options: { readonly timeoutMs: number }): buildConnector.connector {
  // One for all connections: what came is copied before anything else is read.
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES_MAX);
  return (target, callback) => {
    let socket: Socket | null = null;
    const connect = buildConnector({
      timeout: options.timeoutMs,
      onread: {
        buffer,
        callback(length) {
          invariant(socket, 'nothing comes before it is connected');
          return socket.push(Buffer.from(buffer.subarray(0, length)));
        },
      },
    });
    connect(target, (...result) => {
      socket = result[1];
      callback(...result);
    });
  };
}
