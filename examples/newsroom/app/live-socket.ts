/** `/live`: a WebSocket that echoes what it is sent and announces new articles. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Newsroom } from './newsroom.ts';

const MESSAGE_BYTES_MAX = 4096;
const CLOSE_GRACE_MS = 2000;

export interface LiveSocket {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Tells every client that the service goes away (1001), and resolves when all have gone. */
  close(): Promise<void>;
}

export function createLiveSocket(newsroom: Newsroom): LiveSocket {
  const server = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES_MAX });
  server.on('headers', (headers) => {
    headers.push(`x-newsroom-version: ${newsroom.release.version}`);
  });
  return {
    upgrade(request, socket, head) {
      if (newsroom.stopping.aborted || request.url?.split('?')[0] !== '/live') {
        const status = newsroom.stopping.aborted ? '503 Service Unavailable' : '404 Not Found';
        socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
        return;
      }
      server.handleUpgrade(request, socket, head, (client) => {
        serve(client, newsroom);
      });
    },
    async close() {
      const closed = [...server.clients].map(
        (client) =>
          new Promise<void>((resolve) => {
            client.once('close', () => {
              resolve();
            });
            client.close(1001, 'The release is being replaced.');
          }),
      );
      await Promise.race([Promise.all(closed), delay(CLOSE_GRACE_MS, undefined, { ref: false })]);
      for (const client of server.clients) client.terminate();
    },
  };
}

function serve(client: WebSocket, newsroom: Newsroom): void {
  const send = (message: object) => {
    if (client.readyState === client.OPEN) client.send(JSON.stringify(message));
  };
  const unsubscribe = newsroom.announcements.subscribe((article) => {
    send({ type: 'article', ...article });
  });
  client.on('message', (data: RawData, isBinary: boolean) => {
    if (isBinary) client.close(1003, 'Text only.');
    else send({ type: 'echo', text: textOf(data), version: newsroom.release.version });
  });
  client.on('close', unsubscribe);
  client.on('error', () => {
    // The close event follows and does the work; a client's broken frame is not our failure.
  });
  send({ type: 'welcome', version: newsroom.release.version });
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.from(data as ArrayBuffer).toString('utf8');
}
