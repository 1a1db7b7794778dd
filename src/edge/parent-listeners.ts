/** Listening sockets that the parent process holds, as the worker asks for them. */
import { once } from 'node:events';
import type { Server } from 'node:net';
import { operationalError } from '../core/operational-error.ts';
import type { Clock } from '../platform/clock.ts';
import { elapsedMs } from '../platform/clock.ts';
import type { ListenAddress, ListenerSource } from './listeners.ts';
import { addressText, type ParentMessage, type WorkerMessage } from './parent-messages.ts';

const RETRY_MS = 50;

export interface ParentLink {
  send(message: WorkerMessage): void;
  /** Hears the parent's messages with the handle that came along. */
  subscribe(listener: (message: ParentMessage, handle: unknown) => void): () => void;
}

export function parentListeners(link: ParentLink, clock: Clock): ListenerSource {
  function ask(address: ListenAddress): Promise<unknown> {
    return new Promise((resolve) => {
      const unsubscribe = link.subscribe((message, handle) => {
        if (addressText(message.address) !== addressText(address)) return;
        unsubscribe();
        resolve(message.kind === 'handle' ? handle : null);
      });
      link.send({ kind: 'listen', address });
    });
  }

  return {
    async listen(server, address, patienceMs) {
      const since = clock.monotonicNs();
      for (;;) {
        const handle = await ask(address);
        if (handle !== null && (await listenOn(server, handle))) return;
        // Bound by both, listened on by the other: only a new socket can get the port later.
        if (handle !== null) link.send({ kind: 'release', address });
        if (elapsedMs(clock, since) > patienceMs) {
          throw operationalError(
            'port-unavailable',
            `${addressText(address)} is taken by another process.`,
          );
        }
        await clock.sleep(RETRY_MS);
      }
    },
    release: (address) => link.send({ kind: 'release', address }),
  };
}

/**
 * Connections that wait in the kernel while the worker is away; the system may allow fewer. One too
 * many is not kept waiting: it is tried again by its client, or reset.
 */
const WAITING_CONNECTIONS_MAX = 65_535;

async function listenOn(server: Server, handle: unknown): Promise<boolean> {
  server.listen(handle, WAITING_CONNECTIONS_MAX);
  try {
    await once(server, 'listening');
    return true;
  } catch {
    // Taken since it was bound; the caller asks again until its patience ends.
    return false;
  }
}
