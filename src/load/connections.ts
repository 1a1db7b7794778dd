/**
 * Connections to one target, each for one request at a time. They are opened as they are needed, and the one that was
 * used last is used next, so that only as many stay open as the load needs.
 */
import { Client } from 'undici';

export interface Connection {
  readonly client: Client;
}

export interface Connections {
  /** Null when all are busy. */
  readonly take: () => Connection | null;
  readonly give: (connection: Connection) => void;
  /** Ends it, whatever it is doing. */
  readonly drop: (connection: Connection) => void;
  /** The most that there were at once. */
  readonly opened: () => number;
  readonly close: () => Promise<void>;
}

export function newConnections(
  origin: string,
  limits: { readonly connectionsMax: number; readonly timeoutMs: number },
): Connections {
  const all = new Set<Connection>();
  const free: Connection[] = [];
  let opened = 0;
  const open = (): Connection => {
    const connection = { client: newClient(origin, limits.timeoutMs) };
    all.add(connection);
    opened = Math.max(opened, all.size);
    return connection;
  };
  return {
    take: () => free.pop() ?? (all.size < limits.connectionsMax ? open() : null),
    give: (connection) => void free.push(connection),
    drop(connection) {
      all.delete(connection);
      void connection.client.destroy();
    },
    opened: () => opened,
    async close() {
      await Promise.all([...all].map(({ client }) => client.destroy()));
    },
  };
}

function newClient(origin: string, timeoutMs: number): Client {
  return new Client(origin, {
    pipelining: 1,
    connect: { timeout: timeoutMs },
    // Whose time is over is known here, to the millisecond; undici looks twice a second.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
