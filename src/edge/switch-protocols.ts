/** Passes a 101 on to the client and hands both connections to each other. */
import type { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { returnedHead } from './returned-headers.ts';
import { joinSockets } from './join-sockets.ts';

export function switchProtocols(
  ends: {
    readonly socket: Duplex;
    /** What the client sent right behind its request. */
    readonly head: Buffer;
    readonly response: ServerResponse;
    readonly rawHeaders: readonly Buffer[];
    readonly upstream: Duplex;
  },
  ended: () => void,
): void {
  const { socket, upstream, head } = ends;
  if (socket instanceof Socket) {
    ends.response.detachSocket(socket);
    socket.setTimeout(0);
    socket.setNoDelay(true);
  }
  if (upstream instanceof Socket) {
    upstream.setTimeout(0);
    upstream.setNoDelay(true);
  }
  socket.write(Buffer.from(headText(ends.rawHeaders), 'latin1'));
  if (head.length > 0) upstream.write(head);
  joinSockets(socket, upstream, ended);
}

function headText(rawHeaders: readonly Buffer[]): string {
  const { headers } = returnedHead(rawHeaders);
  const lines = ['HTTP/1.1 101 Switching Protocols', 'connection: upgrade', 'upgrade: websocket'];
  for (let index = 0; index < headers.length; index += 2) {
    lines.push(`${headers[index] ?? ''}: ${headers[index + 1] ?? ''}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}
