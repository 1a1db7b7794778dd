import http from 'node:http';
import { connectionFromMs } from './connection-from.ts';
import type { PlannedRequest } from './mix.ts';
import type { Answer } from './outcome.ts';

/** Where requests go and how long one may take. */
export interface LoadTarget {
  readonly url: URL;
  readonly agent: http.Agent;
  readonly timeoutMs: number;
  readonly versionHeader: string;
}

interface Progress {
  /** Before there is a connection nothing can have been done, not even by a POST. */
  connected: boolean;
  reusedSocket: boolean;
  status: number | null;
  version: string | null;
  connectionFromMs: number | null;
}

/**
 * Sooner than servers end an idle connection, as clients do: who leaves that to the server meets its
 * end with the next request, whatever else happens there.
 */
const IDLE_MS = 20_000;

/** Keep-alive like a browser's, but with as many connections as the open loop needs. */
export function createLoadAgent(): http.Agent {
  const keptOpen = { keepAlive: true, maxSockets: Infinity, maxFreeSockets: 1024 };
  return new http.Agent({ ...keptOpen, timeout: IDLE_MS });
}

/**
 * Sends one request and says what became of it; never throws. There is no retry of any kind: a reset
 * of a reused connection, which a browser would hide, is counted as the error that it is.
 */
export function sendRequest(
  target: LoadTarget,
  planned: PlannedRequest,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve) => {
    const progress: Progress = {
      connected: false,
      reusedSocket: false,
      status: null,
      version: null,
      connectionFromMs: null,
    };
    const outgoing = http.request(new URL(planned.path, target.url), {
      method: planned.method,
      headers: requestHeaders(planned),
      agent: target.agent,
    });
    const lose = (reason: string): void => {
      settle(lostAnswer(planned, progress, reason));
      outgoing.destroy();
    };
    const abort = (): void => {
      lose('unfinished');
    };
    const deadline = setTimeout(() => {
      lose('timeout');
    }, target.timeoutMs);
    // The first settlement counts: errors that follow a destroy say nothing new.
    const settle = (answer: Answer): void => {
      clearTimeout(deadline);
      signal.removeEventListener('abort', abort);
      resolve(answer);
    };
    signal.addEventListener('abort', abort);
    outgoing.on('socket', (socket) => {
      progress.reusedSocket = outgoing.reusedSocket;
      progress.connectionFromMs = connectionFromMs(socket);
      if (!socket.connecting) progress.connected = true;
      else socket.once('connect', () => (progress.connected = true));
    });
    outgoing.on('error', (error) => {
      settle(lostAnswer(planned, progress, lossReason(error, progress)));
    });
    outgoing.on('response', (incoming) => {
      progress.status = incoming.statusCode ?? 0;
      progress.version = headerOf(incoming, target.versionHeader);
      receive(incoming, planned, progress, settle);
    });
    outgoing.end(planned.body ?? undefined);
    if (signal.aborted) abort();
  });
}

/** A header's first value. */
export function headerOf(incoming: http.IncomingMessage, name: string): string | null {
  const value = incoming.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

/** A short name for an error on the wire; the generator's own limits begin with `client-`. */
export function wireReason(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'ECONNREFUSED') return 'refused';
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED') return 'reset';
  if (code === 'ETIMEDOUT') return 'timeout';
  if (code.startsWith('HPE_')) return 'malformed';
  if (code === 'EMFILE' || code === 'EADDRNOTAVAIL' || code === 'ENOBUFS') {
    return `client-${code.toLowerCase()}`;
  }
  return code === '' ? 'error' : code.toLowerCase();
}

function requestHeaders(planned: PlannedRequest): Record<string, string> {
  const length = planned.body === null ? {} : { 'content-length': byteLength(planned.body) };
  return { 'user-agent': 'surefoot-load', ...planned.headers, ...length };
}

function byteLength(body: string): string {
  return String(Buffer.byteLength(body));
}

function lossReason(error: Error, progress: Progress): string {
  if (progress.status !== null) return 'truncated';
  const reason = wireReason(error);
  return reason === 'reset' && progress.reusedSocket ? 'reset-reused' : reason;
}

function receive(
  incoming: http.IncomingMessage,
  planned: PlannedRequest,
  progress: Progress,
  settle: (answer: Answer) => void,
): void {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => {
    if (planned.checkBody !== undefined) chunks.push(chunk);
  });
  incoming.on('error', () => {
    settle(lostAnswer(planned, progress, 'truncated'));
  });
  incoming.on('end', () => {
    if (incoming.complete) settle(fullAnswer(planned, progress, Buffer.concat(chunks)));
    else settle(lostAnswer(planned, progress, 'truncated'));
  });
}

function fullAnswer(planned: PlannedRequest, progress: Progress, body: Buffer): Answer {
  const { status, version, connectionFromMs } = progress;
  const seen = { status, version, connectionFromMs };
  // The mix asks only for what exists, so any other status, a 404 too, is an error of the system.
  if (status === null || status < 200 || status >= 400) {
    return { ...seen, outcome: 'failed', reason: `status-${status ?? 0}` };
  }
  const wrong = planned.checkBody?.(body) ?? null;
  return { ...seen, outcome: wrong === null ? 'ok' : 'failed', reason: wrong };
}

function lostAnswer(planned: PlannedRequest, progress: Progress, reason: string): Answer {
  const { status, version, connectionFromMs } = progress;
  const isRefusal = status !== null && status >= 400;
  const isUnknown = planned.method === 'POST' && progress.connected && !isRefusal;
  const outcome = isUnknown ? 'unknown' : 'failed';
  return { status, version, connectionFromMs, outcome, reason };
}
