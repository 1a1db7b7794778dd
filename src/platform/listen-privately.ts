/** Binds a server to a Unix socket of mode 0600: whoever may open it is the local operator. */
import { chmod, rm } from 'node:fs/promises';
import type { Server } from 'node:http';

export interface PrivateListener {
  /** Ends every connection, also those that still carry an answer. */
  close(): Promise<void>;
}

/**
 * Replaces a socket left by a dead process; the caller must hold whatever lock makes it the only
 * server for this path.
 */
export async function listenPrivately(
  server: Server,
  socketPath: string,
): Promise<PrivateListener> {
  await rm(socketPath, { force: true });
  // From its first moment the socket must not be open to others: chmod alone would come too late.
  const umask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(socketPath, resolve);
    });
  } finally {
    process.umask(umask);
  }
  await chmod(socketPath, 0o600);
  return {
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
