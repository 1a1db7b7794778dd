/** Joins two sockets after an upgrade, each as fast as the other takes it, until both are closed. */
import type { Duplex } from 'node:stream';

/** Calls `ended` once, when nothing flows any more in either direction. */
export function joinSockets(client: Duplex, upstream: Duplex, ended: () => void): void {
  let open = 2;
  const closed = () => {
    open -= 1;
    if (open === 0) ended();
  };
  for (const [socket, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    socket.once('close', () => {
      // What was written last still goes out; a peer that never closes must not keep the other.
      if (!other.destroyed) other.end(() => other.destroy());
      closed();
    });
    // The reason is of no use here: an error is always followed by `close`.
    socket.on('error', () => socket.destroy());
  }
  client.pipe(upstream);
  upstream.pipe(client);
}
