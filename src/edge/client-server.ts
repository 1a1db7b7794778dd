/** The HTTP server that clients of one service talk to: strict reading, limits, one exchange each. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { HEAD_BYTES_MAX } from '../core/model/request-limits.ts';
import { EdgeResponse } from './edge-response.ts';
import { Exchange } from './exchange.ts';
import type { ExchangeRequest } from './exchange-request.ts';
import { forwardedHeaders } from './forwarded-headers.ts';
import { lingerOnClose, lingerThenDestroy } from './linger-on-close.ts';
import { endUnread, inTurn, newestOf, type Pipeline } from './pipeline.ts';
import { requestBodyOf } from './request-body.ts';
import { checkRequest } from './request-guard.ts';
import type { ScopeTraffic } from './scope-traffic.ts';

const UNREAD_EVERY_MS = 1_000;
const IGNORED_MAX = 100;
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A client's connection with its newest request, to which a malformed byte belongs. */
interface ClientSocket extends Pipeline {
  response?: EdgeResponse;
  isRefused?: boolean;
  /** Requests that came all the same. */
  ignored?: number;
  requests?: number;
  /** Of which all requests are known; what has come since is the beginning of another. */
  bytesKnown?: number;
}

export interface ClientServer {
  /** Its `closeIdleConnections`, which `close` calls, spares whoever has yet to read an answer. */
  readonly server: Server<typeof IncomingMessage, typeof EdgeResponse>;
  /** All open connections, tunnels included, which the server itself no longer knows. */
  readonly sockets: ReadonlySet<Socket>;
}

export function createClientServer(traffic: ScopeTraffic): ClientServer {
  const server = createServer<typeof IncomingMessage, typeof EdgeResponse>(
    {
      ServerResponse: EdgeResponse,
      insecureHTTPParser: false,
      requireHostHeader: true,
      maxHeaderSize: HEAD_BYTES_MAX,
      // A request without a body then has no stream that has to be read to its end and closed.
      optimizeEmptyRequests: true,
      // What comes behind the head is watched by the tick.
      requestTimeout: 0,
      connectionsCheckingInterval: 1_000,
      shouldUpgradeCallback: isWebSocket,
    },
    (message, response) => exchange(traffic, message, response, false),
  );
  // Headers beyond Node's default of 2000 would be dropped in silence; the guard counts them.
  server.maxHeadersCount = 0;
  server.on('checkContinue', (message: IncomingMessage, response: EdgeResponse) =>
    exchange(traffic, message, response, true),
  );
  server.on('upgrade', (message: IncomingMessage, socket: Socket, head: Buffer) =>
    upgrade(traffic, message, socket, head),
  );
  server.on('connect', (_message: IncomingMessage, socket: Socket) => {
    traffic.recordRefusal(405);
    passOnDrain(socket);
    refuseBehindAnswers(socket, 405, 'CONNECT is not served');
  });
  server.on('clientError', (error: Error, socket: Duplex) =>
    clientFailed(traffic, error, socket as ClientSocket),
  );
  const sockets = new Set<Socket>();
  server.closeIdleConnections = () => {
    for (const socket of sockets) if (isIdle(socket)) socket.destroy();
  };
  // One that never listened never closes.
  server.once('listening', () => {
    const unread = setInterval(() => {
      const nowNs = traffic.clock.monotonicNs();
      for (const socket of sockets) endUnread(socket, nowNs, traffic.limits.idleTimeoutMs);
    }, UNREAD_EVERY_MS).unref();
    server.once('close', () => clearInterval(unread));
  });
  server.on('connection', (socket: Socket) => {
    // Before Node's own listener, for which a connection without an answer in progress is over.
    socket.prependListener('end', () => traffic.flusher.flushNow());
    // Node reads them anew each time, so that another routing needs no other server.
    server.headersTimeout = traffic.limits.headTimeoutMs;
    server.keepAliveTimeout = traffic.limits.keepAliveMs;
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      (socket as ClientSocket).begun?.exchange.connectionClosed();
    });
  });
  return { server, sockets };
}

function exchange(
  traffic: ScopeTraffic,
  message: IncomingMessage,
  response: EdgeResponse,
  expectsContinue: boolean,
): void {
  const socket: ClientSocket = message.socket;
  // What was pipelined behind a refused request is what somebody tried to hide there.
  if (socket.isRefused === true) {
    socket.ignored = (socket.ignored ?? 0) + 1;
    // Node keeps each until those before it are answered.
    if (socket.ignored > IGNORED_MAX) socket.destroy();
    return;
  }
  socket.response = response;
  const check = checkRequest(message, traffic.limits);
  if (check.kind === 'refused') {
    socket.isRefused = true;
    traffic.recordRefusal(check.status);
    if (!message.complete) lingerOnClose(message.socket);
    refuse(response, check.status, check.reason);
    return;
  }
  socket.requests = (socket.requests ?? 0) + 1;
  socket.bytesKnown = socket.bytesRead;
  if (socket.requests >= traffic.limits.keepAliveRequestsMax) {
    response.shouldKeepAlive = false;
    socket.isRefused = true;
  }
  const body = check.hasBody ? requestBodyOf(message, traffic.limits.bodyBytesMax) : null;
  if (body !== null) message.once('end', () => (socket.bytesKnown = socket.bytesRead));
  const method = message.method ?? 'GET';
  const request: ExchangeRequest = {
    message,
    response,
    outgoing: {
      path: check.path,
      method,
      headers: forwardedHeaders(message),
      body: body?.stream ?? null,
    },
    body,
    isSafe: body === null && SAFE_METHODS.has(method),
    expectsContinue,
    upgrade: null,
  };
  begin(socket, new Exchange(traffic, request), response);
}

function begin(socket: ClientSocket, created: Exchange, response: EdgeResponse): void {
  if (inTurn(socket, { exchange: created, response })) return;
  // Nobody who waits for answers sends so many. Behind the last one the client asks anew.
  response.shouldKeepAlive = false;
  socket.isRefused = true;
  lingerOnClose(socket);
}

function upgrade(
  traffic: ScopeTraffic,
  message: IncomingMessage,
  socket: ClientSocket,
  head: Buffer,
): void {
  socket.on('error', () => socket.destroy());
  passOnDrain(socket);
  traffic.flusher.flushNow();
  if (isBusy(socket)) {
    socket.destroy();
    return;
  }
  const response = new EdgeResponse(message);
  // That of a tunnel never finishes.
  socket.response = response;
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  // Without an upgrade the connection ends behind the answer that refuses it.
  response.once('finish', () => {
    socket.end();
    lingerThenDestroy(socket);
  });
  const check = checkRequest(message, traffic.limits);
  if (check.kind === 'refused') {
    traffic.recordRefusal(check.status);
    refuse(response, check.status, check.reason);
    return;
  }
  const request: ExchangeRequest = {
    message,
    response,
    outgoing: {
      path: check.path,
      method: 'GET',
      headers: forwardedHeaders(message),
      body: null,
      upgrade: 'websocket',
    },
    body: null,
    isSafe: true,
    expectsContinue: false,
    upgrade: { socket, head },
  };
  begin(socket, new Exchange(traffic, request), response);
}

/** Node hands such a connection over and listens to it no more, though it may have an answer to carry yet. */
function passOnDrain(socket: ClientSocket): void {
  socket.on('drain', () => socket.begun?.response.emit('drain'));
}

/** An upgrade that was pipelined behind a request: no client does so, and the answers would mix. */
function isBusy(socket: ClientSocket): boolean {
  const { response, isRefused } = socket;
  if (response === undefined) return false;
  return isRefused === true || response.socket !== null || !response.writableFinished;
}

/** Nothing is under way on it: for Node an answer is over when it has ended, though not all of it was sent. */
function isIdle({ response, bytesRead, bytesKnown }: ClientSocket): boolean {
  return response?.writableFinished === true && bytesRead === bytesKnown;
}

function isWebSocket(message: IncomingMessage): boolean {
  const { headers } = message;
  return (
    message.method === 'GET' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    headers['content-length'] === undefined &&
    headers['transfer-encoding'] === undefined
  );
}

function refuse(response: EdgeResponse, statusCode: number, reason: string): void {
  const body = `${reason}\n`;
  response.writeHead(statusCode, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  response.end(body);
}

/** The parser cannot read on. Whatever follows on this connection is never looked at. */
function clientFailed(
  traffic: ScopeTraffic,
  error: Error & { code?: string },
  socket: ClientSocket,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  if (socket.isRefused === true) return;
  socket.isRefused = true;
  const status = statusOf(error.code);
  // Whoever left in the middle of a body was not refused.
  if (error.code !== 'HPE_INVALID_EOF_STATE') traffic.recordRefusal(status);
  switch (newestOf(socket)?.exchange.malformed() ?? 'behind') {
    case 'refused':
      // There may be answers before it that are yet to come.
      socket.response?.once('finish', () => lingerThenDestroy(socket));
      return;
    case 'cut':
      socket.destroy();
      return;
    case 'behind':
      refuseBehindAnswers(socket, status, reasonOf(status));
  }
}

function statusOf(code = ''): number {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return 431;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 408;
    default:
      return 400;
  }
}

function reasonOf(status: number): string {
  switch (status) {
    case 431:
      return 'the head is too large';
    case 408:
      return 'the head did not arrive';
    default:
      return 'the request is malformed';
  }
}

/** No answer of the edge's own may come before those of the requests that were whole. */
function refuseBehindAnswers(socket: ClientSocket, statusCode: number, reason: string): void {
  socket.on('error', () => socket.destroy());
  const { response } = socket;
  if (response?.writableFinished === false) {
    response.once('finish', () => refuseSocket(socket, statusCode, reason));
  } else refuseSocket(socket, statusCode, reason);
}

function refuseSocket(socket: Socket, statusCode: number, reason: string): void {
  const body = `${reason}\n`;
  // The last answer may have been the connection's last.
  if (socket.writable) {
    socket.end(
      `HTTP/1.1 ${statusCode} ${reason}\r\ncontent-type: text/plain\r\n` +
        `content-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    );
  }
  lingerThenDestroy(socket);
}
