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
  /**
   * Asked with every message to the server; where it says so, the server carries the message out, and
   * the connection breaks in place of its answer.
   */
  losesAnswerTo: (message: string) => boolean;
}

/** The end of an answer: the server waits for the next message, and no transaction is open. */
const READY = Buffer.from('Z\0\0\0\x05I', 'latin1');

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
    let isLosing = false;
    client.on('data', (message: Buffer) => {
      isLosing ||= link.losesAnswerTo(message.toString('latin1'));
    });
    upstream.on('data', (answer: Buffer) => {
      if (!isLosing) client.write(answer);
      else if (answer.subarray(-READY.length).equals(READY)) client.destroy();
    });
    upstream.on('end', () => client.end());
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
    client.pipe(upstream);
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
  const link: DatabaseLink = {
    losesAnswerTo: () => false,
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
  return link;
}
