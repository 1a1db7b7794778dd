/** Listening sockets of the process itself, for an edge without a parent. */
import { once } from 'node:events';
import { operationalError } from '../core/operational-error.ts';
import type { ListenerSource } from './listeners.ts';

export function directListeners(): ListenerSource {
  return {
    async listen(server, { host, port }) {
      server.listen({ host, port, exclusive: true });
      try {
        await once(server, 'listening');
      } catch (error) {
        throw operationalError('port-unavailable', `${host}:${port} cannot be listened on.`, {
          cause: error,
        });
      }
    },
    release() {
      // Closing the server was all.
    },
  };
}
