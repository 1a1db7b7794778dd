/**
 * Closing a connection on which the client still sends: at once would reset it, and take the answer
 * that says why away from the client.
 */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** How long a refused client may take to read why. */
const LINGER_MS = 500;
/** How long one may go on with its body, which is thrown away. */
const BODY_LINGER_MS = 5_000;

/** When Node closes the connection behind its last answer, it goes on reading for a while. */
export function lingerOnClose(socket: Socket): void {
  socket.destroySoon = () => {
    socket.end();
    lingerThenDestroy(socket, BODY_LINGER_MS);
  };
}

export function lingerThenDestroy(socket: Duplex, lingerMs = LINGER_MS): void {
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
}
