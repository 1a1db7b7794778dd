/** Ends HTTP servers: no new connection, a while for what is under way, then the rest is cut. */
import type { ClientServer } from './client-server.ts';

const IDLE_CHECK_MS = 20;

export async function stopServers(
  clients: readonly ClientServer[],
  drainMs: number,
): Promise<void> {
  const closed = clients.map(
    ({ server }) =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
      }),
  );
  // A connection that becomes idle only now would otherwise be kept open for its next request.
  const idle = setInterval(() => {
    for (const { server } of clients) server.closeIdleConnections();
  }, IDLE_CHECK_MS);
  const cut = setTimeout(() => {
    for (const { sockets } of clients) for (const socket of sockets) socket.destroy();
  }, drainMs);
  await Promise.all(closed);
  clearInterval(idle);
  clearTimeout(cut);
}
