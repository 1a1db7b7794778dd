/** Closes a server as clients would wish: what has begun ends, what has not begun is not cut short. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { log } from './log.ts';

const STOP_MAX_MS = 9000;
const SWEEP_MS = 50;
/** Time for a first request that was already on its way when the stop began. */
const UNUSED_GRACE_MS = 300;

/** From the start of the server on; the returned function resolves when all connections are gone. */
export function trackConnections(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return () => close(server, sockets);
}

async function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const startMs = performance.now();
  const sweep = setInterval(() => {
    // A connection whose answer had begun before the stop turns idle later than `close` looks.
    server.closeIdleConnections();
    // Node counts a connection as busy until its first request, even if none ever comes.
    if (performance.now() - startMs > UNUSED_GRACE_MS) closeUnused(sockets);
  }, SWEEP_MS);
  const cut = setTimeout(() => {
    log('cutting what is still open', { connections: sockets.size });
    for (const socket of sockets) socket.destroy();
  }, STOP_MAX_MS);
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  clearInterval(sweep);
  clearTimeout(cut);
}

function closeUnused(sockets: ReadonlySet<Socket>): void {
  for (const socket of sockets) if (socket.bytesRead === 0) socket.end();
}
