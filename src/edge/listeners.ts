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
  /** Settles when the address is open or stays taken. */
  readonly ready: Promise<void>;
}

export interface Listeners {
  /** Nothing to do when the scope listens there already; one that is being opened is waited for. */
  open(
    scope: Scope,
    address: ListenAddress,
    options: { readonly create: () => ClientServer; readonly patienceMs: number },
  ): Promise<void>;
  isOpen(scope: Scope, address: ListenAddress): boolean;
  /** Closes all but `kept`; connections that are open may end what they do. */
  closeOthers(scope: Scope, kept: ListenAddress | null): void;
  /** Hands over every server to be stopped; what is still being opened is closed when it is. */
  takeAll(): readonly ClientServer[];
}

export function createListeners(source: ListenerSource): Listeners {
  const listeners: Listener[] = [];
  const isAt = (address: ListenAddress) => (listener: Listener) =>
    listener.address.port === address.port && listener.address.host === address.host;
  const forget = (listener: Listener) => {
    const index = listeners.indexOf(listener);
    if (index >= 0) listeners.splice(index, 1);
  };

  return {
    async open(scope, address, { create, patienceMs }) {
      const known = listeners.find(isAt(address));
      if (known?.scope === scope) return known.ready;
      if (known !== undefined) {
        throw operationalError(
          'port-unavailable',
          `${address.host}:${address.port} already serves ${known.scope}.`,
        );
      }
      const clients = create();
      const ready = source.listen(clients.server, address, patienceMs);
      const listener = { scope, address, clients, ready };
      // Entered before it is ready, so that two commands cannot both open the address.
      listeners.push(listener);
      try {
        await ready;
      } catch (error) {
        forget(listener);
        throw error;
      }
      if (listeners.includes(listener)) return;
      // Given up while it waited for the port.
      clients.server.close();
      if (!listeners.some(isAt(address))) source.release(address);
    },
    isOpen(scope, address) {
      const found = listeners.find(isAt(address));
      return found?.scope === scope && found.clients.server.listening;
    },
    closeOthers(scope, kept) {
      for (const listener of listeners.filter((other) => other.scope === scope)) {
        if (kept !== null && isAt(kept)(listener)) continue;
        forget(listener);
        listener.clients.server.close();
        source.release(listener.address);
      }
    },
    takeAll: () => listeners.splice(0).map((listener) => listener.clients),
  };
}
