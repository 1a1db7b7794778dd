/**
 * Connects to endpoints, and reads what is small through one buffer. Node would set aside 64 KiB for each
 * read and hand them to the collector, also when an answer has a hundred bytes.
 */
import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import { invariant } from '../core/invariant.ts';

const READ_BYTES_MAX = 64 * 1024;
/** A read of so much is passed on in its buffer; less would waste most of that. */
const LARGE_BYTES_MIN = READ_BYTES_MAX / 2;

/** The sockets are as undici's own connector makes them in everything else. */
export function readByCopy(options: { readonly timeoutMs: number }): buildConnector.connector {
  const shared: Uint8Array = newBuffer();
  return (target, callback) => {
    let socket: Socket | null = null;
    let next = shared;
    const connect = buildConnector({
      timeout: options.timeoutMs,
      onread: {
        buffer: () => next,
        callback(length, read) {
          invariant(socket, 'nothing comes before it is connected');
          const isLarge = length >= LARGE_BYTES_MIN;
          // More is likely to follow, and then needs no copy; what is quiet has no buffer of its own.
          next = isLarge ? newBuffer() : shared;
          const bytes = read.subarray(0, length);
          return socket.push(isLarge && read !== shared ? bytes : Buffer.from(bytes));
        },
      },
    });
    connect(target, (...result) => {
      socket = result[1];
      callback(...result);
    });
  };
}

function newBuffer(): Buffer {
  return Buffer.allocUnsafeSlow(READ_BYTES_MAX);
}
