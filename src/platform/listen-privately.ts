/** Binds a server to a Unix socket of mode 0600: whoever may open it is the local operator. */
import { once } from 'node:events';
import { chmod, mkdir, rename, rm, stat } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { isSystemError } from './is-system-error.ts';

export interface PrivateListener {
  /** Ends every connection, also those that still carry an answer. */
  close(): Promise<void>;
}

/**
 * Replaces a socket left by a dead process; the caller must hold whatever lock makes it the only
 * server for this path. Needs six bytes more than the path itself while it binds.
 */
export async function listenPrivately(
  server: Server,
  socketPath: string,
): Promise<PrivateListener> {
  // From its first moment the socket must not be open to others, and the umask is the whole process's:
  // it is bound where nobody else may enter, and put in its place when its mode is right.
  const entrance = `${socketPath}.new`;
  const bound = join(entrance, 's');
  await rm(entrance, { recursive: true, force: true });
  await mkdir(entrance, { mode: 0o700 });
  try {
    server.listen(bound);
    await once(server, 'listening');
    await chmod(bound, 0o600);
    await rename(bound, socketPath);
  } catch (error) {
    server.close();
    throw error;
  } finally {
    await rm(entrance, { recursive: true, force: true });
  }
  const ours = await inodeOf(socketPath);
  return {
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      // A successor may already have put its own socket in this place.
      if (ours !== null && (await inodeOf(socketPath)) === ours) {
        await rm(socketPath, { force: true });
      }
      await closed;
    },
  };
}

async function inodeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).ino;
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return null;
    throw error;
  }
}
