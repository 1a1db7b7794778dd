/**
 * One HTTP exchange on a connection of its own, whole or not at all: an answer counts only when its
 * last byte came in time, and nothing that came with it makes it doubtful.
 */
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import type { HttpProbeConfig } from './http-probe-config.ts';

export const ANSWER_BYTES_MAX = 1024 * 1024;

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export type Exchange =
  | { readonly kind: 'answered'; readonly answer: HttpAnswer }
  /** `reason` may quote the server and is not yet safe to print. */
  | { readonly kind: 'failed'; readonly reason: string };

interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Rejects only with the signal's reason. */
export async function ask(
  endpoint: Endpoint,
  config: HttpProbeConfig,
  signal: AbortSignal,
): Promise<Exchange> {
  signal.throwIfAborted();
  const opened = open(endpoint, config);
  if (!('request' in opened)) return opened;
  const { request } = opened;
  const progress = { text: 'no connection' };
  const exchange = await new Promise<Exchange>((resolve) => {
    const timer = setTimeout(() => {
      settle({ kind: 'failed', reason: `${progress.text} within ${config.timeout} ms` });
    }, config.timeout);
    const onAbort = () => settle({ kind: 'failed', reason: 'aborted' });
    let isSettled = false;
    const settle = (result: Exchange) => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      request.destroy();
      resolve(result);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    follow(request, progress, settle);
    request.end(config.body);
  });
  signal.throwIfAborted();
  return exchange;
}

function open(
  endpoint: Endpoint,
  config: HttpProbeConfig,
): { readonly request: ClientRequest } | Extract<Exchange, { kind: 'failed' }> {
  try {
    const request = httpRequest({
      host: endpoint.host,
      port: endpoint.port,
      method: config.method,
      path: config.path,
      // A connection of its own: one that is kept alive proves nothing about new clients.
      agent: false,
      insecureHTTPParser: false,
      headers: {
        'user-agent': 'surefoot-probe',
        ...lowerCased(config.headers),
        'accept-encoding': 'identity',
        connection: 'close',
        ...(config.body !== undefined && { 'content-length': Buffer.byteLength(config.body) }),
      },
    });
    return { request };
  } catch (error) {
    // Only a filled-in version can bring in what the schema refuses.
    if (error instanceof TypeError) {
      return { kind: 'failed', reason: `the request cannot be sent: ${error.message}` };
    }
    throw error;
  }
}

function follow(
  request: ClientRequest,
  progress: { text: string },
  settle: (result: Exchange) => void,
): void {
  let answer: HttpAnswer | null = null;
  request.once('socket', (socket) => {
    socket.once('connect', () => (progress.text = 'connected, but no answer'));
  });
  request.once('response', (response) => {
    progress.text = `status ${response.statusCode ?? 0}, but not the whole answer`;
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= ANSWER_BYTES_MAX) return;
      const reason = `status ${response.statusCode ?? 0}, then a body of more than ${ANSWER_BYTES_MAX} bytes`;
      settle({ kind: 'failed', reason });
    });
    response.once('error', (error) => {
      const reason = `status ${response.statusCode ?? 0}, then ${reasonOf(error)}`;
      settle({ kind: 'failed', reason });
    });
    response.once('end', () => {
      const status = response.statusCode ?? 0;
      answer = { status, headers: response.headers, body: Buffer.concat(chunks) };
    });
  });
  request.once('upgrade', (response) => {
    settle({
      kind: 'failed',
      reason: `status ${response.statusCode ?? 0}: an upgrade was not asked for`,
    });
  });
  request.on('error', (error) => settle({ kind: 'failed', reason: reasonOf(error) }));
  // Only now it is certain that nothing came after the end of the answer.
  request.once('close', () => {
    settle(
      answer
        ? { kind: 'answered', answer }
        : { kind: 'failed', reason: 'the connection was closed without a whole answer' },
    );
  });
}

function reasonOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  switch (code) {
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'ECONNRESET':
      return 'the connection was reset or closed early';
    case null:
      return error.message;
    default:
      return code.startsWith('HPE_')
        ? `not valid HTTP: ${error.message} (${code})`
        : `${error.message} (${code})`;
  }
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
