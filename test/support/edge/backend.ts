/** A small service behind the edge. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { TestContext } from 'node:test';

export interface Backend {
  readonly port: number;
  readonly server: Server;
  /** `METHOD path` of every request, in order of arrival. */
  readonly seen: readonly string[];
  readonly sockets: ReadonlySet<Socket>;
  close(): Promise<void>;
}

export async function startBackend(
  t: TestContext,
  handler: RequestListener = (_request, response) => response.end('ok'),
): Promise<Backend> {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    seen.push(`${request.method ?? ''} ${request.url ?? ''}`);
    handler(request, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  t.after(close);
  return { port: (server.address() as AddressInfo).port, server, seen, sockets, close };
}
