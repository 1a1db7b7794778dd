/** Sends bytes as they are and reads until the other side closes or the wanted text has come. */
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  readonly text: string;
  /** Whether the server closed the connection. */
  readonly closed: boolean;
}

export function rawRequest(
  port: number,
  bytes: string | readonly string[],
  options: { readonly until?: RegExp; readonly limitMs?: number } = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1');
    let text = '';
    const done = (closed: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, closed });
    };
    const timer = setTimeout(() => done(false), options.limitMs ?? 5_000);
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (options.until?.test(text) === true) done(false);
    });
    socket.on('error', (error) => {
      if (text === '') reject(error);
      else done(true);
    });
    socket.on('close', () => done(true));
    socket.on('connect', () => {
      for (const part of typeof bytes === 'string' ? [bytes] : bytes) socket.write(part, 'latin1');
    });
  });
}
