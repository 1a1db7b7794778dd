/**
 * Serves an agent's control verbs as JSON over HTTP on a Unix socket of mode 0600: whoever may open
 * the socket is the local operator. Used by edge and host.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { failures, failureOf } from '../core/failures.ts';
import { OperationalError, operationalError } from '../core/operational-error.ts';
import { listenPrivately, type PrivateListener } from './listen-privately.ts';

const BODY_BYTES_MAX = 4 * 1024 * 1024;

export interface ControlRequest {
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly signal: AbortSignal;
}

/** Answers with a JSON value, or with a stream of values sent as one JSON document a line. */
export type ControlHandler = (request: ControlRequest) => unknown;

/** Keyed by `METHOD /path`, for example `POST /v1/apply`. */
export type ControlRoutes = Readonly<Record<string, ControlHandler>>;

/** The caller must hold whatever lock makes it the only server for this path. */
export function serveControl(socketPath: string, routes: ControlRoutes): Promise<PrivateListener> {
  const server = createServer((request, response) => {
    void answer(routes, request, response);
  });
  return listenPrivately(server, socketPath);
}

async function answer(
  routes: ControlRoutes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const aborted = new AbortController();
  response.once('close', () => aborted.abort());
  try {
    const url = new URL(request.url ?? '/', 'http://control');
    const handler = routes[`${request.method ?? ''} ${url.pathname}`];
    if (!handler) {
      throw operationalError('not-found', `No verb ${request.method ?? ''} ${url.pathname}.`);
    }
    const body = request.method === 'POST' ? await readJson(request) : undefined;
    const result = await handler({ query: url.searchParams, body, signal: aborted.signal });
    if (isAsyncIterable(result)) {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      await pipeline(Readable.from(linesOf(result)), response);
      return;
    }
    send(response, 200, result ?? null);
  } catch (error) {
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    if (error instanceof OperationalError) {
      send(response, failures[error.failure.code].httpStatus, { failure: error.failure });
      return;
    }
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    send(response, 500, {
      failure: failureOf('request-invalid', `Internal error: ${text}`, { effect: 'unknown' }),
    });
  }
}

function send(response: ServerResponse, status: number, value: unknown): void {
  const text = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) {
      throw operationalError(
        'request-too-large',
        `The body is larger than ${BODY_BYTES_MAX} bytes.`,
      );
    }
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch (error) {
    throw operationalError('request-invalid', 'The body is not JSON.', { cause: error });
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

async function* linesOf(values: AsyncIterable<unknown>): AsyncIterable<string> {
  for await (const value of values) yield `${JSON.stringify(value)}\n`;
}
