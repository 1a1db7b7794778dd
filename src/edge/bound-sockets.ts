/**
 * Sockets that are bound here but never accept here: the worker listens on them. While the parent
 * holds them, connections queue in the kernel, whatever happens to the worker.
 */
import net from 'node:net';
import { isIPv6 } from 'node:net';
import type { ListenAddress } from './listeners.ts';
import { addressText } from './parent-messages.ts';

/** A socket of the runtime; `child.send` passes it on and `server.listen` takes it. */
export interface BoundHandle {
  close(): void;
  getsockname(out: { port?: number }): number;
}

/**
 * A public `net.Server` accepts as soon as it listens and would steal connections from the worker.
 * This is what `node:cluster` itself uses to bind without listening.
 */
type CreateHandle = (
  host: string,
  port: number,
  family: 4 | 6,
  fd: number,
  flags: number,
) => BoundHandle | number;

export interface BoundSockets {
  /** Null when the port is taken. */
  bind(address: ListenAddress): BoundHandle | null;
  release(address: ListenAddress): void;
  close(): void;
}

export function createBoundSockets(): BoundSockets {
  const createHandle = (net as unknown as { _createServerHandle: CreateHandle })
    ._createServerHandle;
  const handles = new Map<string, BoundHandle>();
  return {
    bind(address) {
      const known = handles.get(addressText(address));
      if (known !== undefined) return known;
      const host = address.host === 'localhost' ? '127.0.0.1' : address.host;
      const handle = createHandle(host, address.port, isIPv6(host) ? 6 : 4, -1, 0);
      if (typeof handle === 'number') return null;
      const bound: { port?: number } = {};
      // A bind that failed is reported late; listening would then silently take a random port.
      if (handle.getsockname(bound) !== 0 || bound.port !== address.port) {
        handle.close();
        return null;
      }
      handles.set(addressText(address), handle);
      return handle;
    },
    release(address) {
      handles.get(addressText(address))?.close();
      handles.delete(addressText(address));
    },
    close() {
      for (const handle of handles.values()) handle.close();
      handles.clear();
    },
  };
}
