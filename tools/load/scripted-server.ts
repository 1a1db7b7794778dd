import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

/** A real server on loopback with faults by path, for the tests of the load client. */
export interface ScriptedServer {
  readonly url: string;
  /** Every request that arrived, as `METHOD /path`. */
  readonly seen: readonly string[];
  readonly close: () => Promise<void>;
}

export interface Script {
  /** Answers what the paths below do not; without it, 200. */
  readonly answer?: (request: http.IncomingMessage, response: http.ServerResponse) => void;
  /** One per event stream in the order of opening; the last one goes for all that follow. */
  readonly streams?: readonly ((response: http.ServerResponse) => void)[];
  readonly webSockets?: readonly ((socket: WebSocket) => void)[];
}

/** What a path does: /status/503, /reset, /truncate, /hang; any other is up to the script. */
export async function startScriptedServer(script: Script = {}): Promise<ScriptedServer> {
  const seen: string[] = [];
  const opened = { streams: 0, webSockets: 0 };
  const sockets = new Set<Socket>();
  const server = http.createServer((request, response) => {
    seen.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.setHeader('x-newsroom-version', '1.0');
    request.resume();
    request.on('end', () => {
      if (request.url === '/events') {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        nth(script.streams, opened.streams++)?.(response);
      } else if (!misbehave(request, response)) (script.answer ?? answerOk)(request, response);
    });
  });
  const webSockets = new WebSocketServer({ server, path: '/live' });
  webSockets.on('connection', (socket) => nth(script.webSockets, opened.webSockets++)?.(socket));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    seen,
    close() {
      for (const socket of sockets) socket.destroy();
      webSockets.close();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

export function portOf(server: { address(): AddressInfo | string | null }): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return address.port;
}

function answerOk(_request: http.IncomingMessage, response: http.ServerResponse): void {
  response.end('fine');
}

function misbehave(request: http.IncomingMessage, response: http.ServerResponse): boolean {
  const [, word, value] = (request.url ?? '').split('/');
  if (word === 'status') {
    response.statusCode = Number(value);
    response.end();
  } else if (word === 'reset') request.socket.resetAndDestroy();
  else if (word === 'truncate') {
    response.writeHead(200, { 'content-length': '100' });
    response.write('only this', () => request.socket.destroy());
  } else return word === 'hang';
  return true;
}

function nth<Part>(parts: readonly Part[] | undefined, index: number): Part | undefined {
  return parts?.[Math.min(index, parts.length - 1)];
}
