/** For tests: a server that writes bytes as they are, so that it can break every rule of HTTP. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface RawServer {
  readonly port: number;
  /** Request heads and what came with them, in the order of the connections. */
  readonly received: readonly string[];
  close(): Promise<void>;
}

/** `behave` runs when the first bytes of a connection have come. */
export async function startRawServer(
  behave: (socket: Socket, received: string, connection: number) => void,
): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const received: string[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // The probe ends connections as it likes; only what it reports matters here.
    socket.on('error', () => undefined);
    socket.once('data', (data: Buffer) => {
      received.push(data.toString('latin1'));
      behave(socket, data.toString('latin1'), received.length);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    received,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Writes again and again until the connection is gone. */
export function repeat(socket: Socket, everyMs: number, bytes: string | Buffer): void {
  const timer = setInterval(() => socket.write(bytes), everyMs);
  socket.once('close', () => clearInterval(timer));
}
