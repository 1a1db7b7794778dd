/** Puts a server in the place of a Unix socket; what listened there goes on behind it. */
import { once } from 'node:events';
import { rename } from 'node:fs/promises';
import type { Server } from 'node:net';

export interface Tap {
  /** Gives the place back; connections that are still open are ended. */
  close(): Promise<void>;
}

/** Where it is reached that had the place. */
export function behind(socketPath: string): string {
  return `${socketPath}.direct`;
}

export async function takePlace(
  socketPath: string,
  server: Server,
  endConnections: () => void,
): Promise<Tap> {
  await rename(socketPath, behind(socketPath));
  server.listen(socketPath);
  await once(server, 'listening');
  return {
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      endConnections();
      await closed;
      await rename(behind(socketPath), socketPath);
    },
  };
}
