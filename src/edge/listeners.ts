/**
 * The addresses that clients connect to, one service each. Where a listening socket comes from is an
 * argument: in production from the parent process, so that it outlives the worker.
 */
import type { Server } from 'node:net';
import type { Routing } from '../core/model/routing.ts';
import type { Scope } from '../core/model/ids.ts';
import { operationalError } from '../core/operational-error.ts';
import type { ClientServer } from './client-server.ts';

export type ListenAddress = Routing['listen'];

export interface ListenerSource {
  /** Resolves when the server accepts connections; `port-unavailable` when the port stays taken. */
  listen(server: Server, address: ListenAddress, patienceMs: number): Promise<void>;
  /** The address is not wanted any more; its server is closed already. */
  release(address: ListenAddress): void;
}

interface Listener {
  readonly scope: Scope;
  readonly address: ListenAddress;
  readonly clients: ClientServer;
}

export interface Listeners {
  /** Nothing to do when the scope listens there already. */
  open(
    scope: Scope,
    address: ListenAddress,
    options: { readonly create: () => ClientServer; readonly patienceMs: number },
  ): Promise<void>;
  /** Closes all but `kept`; connections that are open may end what they do. */
  closeOthers(scope: Scope, kept: ListenAddress | null): void;
  all(): readonly ClientServer[];
}

export function createListeners(source: ListenerSource): Listeners {
  const listeners: Listener[] = [];
  const isAt = (address: ListenAddress) => (listener: Listener) =>
    listener.address.port === address.port && listener.address.host === address.host;

  return {
    async open(scope, address, { create, patienceMs }) {
      const known = listeners.find(isAt(address));
      if (known?.scope === scope) return;
      if (known !== undefined) {
        throw operationalError(
          'port-unavailable',
          `${address.host}:${address.port} already serves ${known.scope}.`,
        );
      }
      const listener = { scope, address, clients: create() };
      // Entered before it is ready, so that two commands cannot both open the address.
      listeners.push(listener);
      try {
        await source.listen(listener.clients.server, address, patienceMs);
      } catch (error) {
        listeners.splice(listeners.indexOf(listener), 1);
        throw error;
      }
    },
    closeOthers(scope, kept) {
      for (const listener of listeners.filter((other) => other.scope === scope)) {
        if (kept !== null && isAt(kept)(listener)) continue;
        listeners.splice(listeners.indexOf(listener), 1);
        listener.clients.server.close();
        source.release(listener.address);
      }
    },
    all: () => listeners.map((listener) => listener.clients),
  };
}
