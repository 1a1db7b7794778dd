/** A way to the database that can be cut without either side being told, as a network partition is. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

export interface DatabaseLink {
  /** The same database, over this link. */
  readonly connectionString: string;
  /** From now on nothing gets through; connections stay open and silent. */
  cut(): void;
  /** What was cut breaks, and connections that are made from now on get through again. */
  mend(): void;
}

/** `connectionString` names the folder of the server's socket. */
export async function databaseLink(
  test: TestContext,
  connectionString: string,
): Promise<DatabaseLink> {
  const url = new URL(connectionString);
  const path = join(url.searchParams.get('host') ?? '', '.s.PGSQL.5432');
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer({ pauseOnConnect: true }, (client) => {
    const upstream = connect(path);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    if (isCut) return;
    client.pipe(upstream);
    upstream.pipe(client);
    client.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  url.searchParams.delete('host');
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    connectionString: url.toString(),
    cut() {
      isCut = true;
      for (const socket of sockets) {
        socket.unpipe();
        socket.pause();
      }
    },
    mend() {
      isCut = false;
      for (const socket of sockets) socket.destroy();
      sockets.clear();
    },
  };
}
