/** HTTP over the server's Unix socket: one call, one connection; failures come back as they were. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { failureOf, failures, type FailureCode } from '../core/failures.ts';
import { OperationalError, operationalError } from '../core/operational-error.ts';
import type { ProblemAnswer } from '../api/contract/answers.ts';

export interface ApiCall {
  readonly method: 'GET' | 'POST';
  /** Path with query. */
  readonly path: string;
  readonly body?: unknown;
  readonly signal: AbortSignal;
  /** Longest silence of the server. */
  readonly silenceMsMax?: number;
}

const SILENCE_MS_MAX = 60_000;

/** Sockets of servers that all answer the same. */
type Sockets = readonly [string, ...string[]];

export async function callApi(sockets: Sockets, call: ApiCall): Promise<unknown> {
  const { response, socketPath } = await openAny(sockets, call);
  const text = await readText(response, socketPath, call);
  if (!isOk(response)) throw failureIn(text, response, socketPath);
  return parseAnswer(text, socketPath);
}

/** One JSON document a line. Throws `agent-unreachable` when the stream breaks. */
export async function* streamApi(sockets: Sockets, call: ApiCall): AsyncGenerator {
  const { response, socketPath } = await openAny(sockets, call);
  if (!isOk(response)) {
    throw failureIn(await readText(response, socketPath, call), response, socketPath);
  }
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      // What has no line end yet may be half of a line, and stays so when the server is killed.
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line !== '') yield parseAnswer(line, socketPath);
      }
    }
  } catch (error) {
    call.signal.throwIfAborted();
    if (error instanceof OperationalError) throw error;
    throw unreachable(socketPath, 'none', error);
  } finally {
    response.destroy();
  }
}

interface Opened {
  readonly response: IncomingMessage;
  readonly socketPath: string;
}

/** Where nobody listens the next is asked; when nobody listens anywhere, the first is complained of. */
async function openAny([first, ...others]: Sockets, call: ApiCall): Promise<Opened> {
  try {
    return { response: await open(first, call), socketPath: first };
  } catch (error) {
    if (!isNobody(error)) throw error;
    for (const socketPath of others) {
      try {
        return { response: await open(socketPath, call), socketPath };
      } catch (otherError) {
        if (!isNobody(otherError)) throw otherError;
      }
    }
    throw error;
  }
}

function isNobody(error: unknown): boolean {
  const cause: unknown = error instanceof OperationalError ? error.cause : null;
  return cause instanceof Error && 'code' in cause && NOBODY.has(cause.code);
}

const NOBODY: ReadonlySet<unknown> = new Set(['ENOENT', 'ECONNREFUSED']);

function open(socketPath: string, call: ApiCall): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  call.signal.throwIfAborted();
  const text = call.body === undefined ? undefined : JSON.stringify(call.body);
  const bodyHeaders =
    text === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  let isConnected = false;
  const request = httpRequest({
    socketPath,
    method: call.method,
    path: call.path,
    agent: false,
    signal: call.signal,
    timeout: call.silenceMsMax ?? SILENCE_MS_MAX,
    headers: { host: 'surefoot', ...bodyHeaders },
  });
  request.once('socket', (socket) => socket.once('connect', () => (isConnected = true)));
  request.once('timeout', () => request.destroy(new Error('it has been silent for too long')));
  request.once('response', resolve);
  request.on('error', (error) => {
    if (call.signal.aborted) reject(error);
    else reject(connectionFailure(socketPath, call, error, isConnected));
  });
  request.end(text);
  return promise;
}

function connectionFailure(
  socketPath: string,
  call: ApiCall,
  error: NodeJS.ErrnoException,
  isConnected: boolean,
): OperationalError {
  if (NOBODY.has(error.code)) {
    return operationalError(
      'agent-unreachable',
      `Nobody answers on ${socketPath}: Surefoot does not run here, or its server is being started again. surefoot up starts what is missing.`,
      { cause: error },
    );
  }
  if (error.code === 'EACCES') {
    return operationalError(
      'state-directory-unusable',
      `You may not use ${socketPath}: it belongs to another user.`,
      { cause: error },
    );
  }
  if (error.code?.startsWith('HPE_') === true) return foreign(socketPath, error);
  const mayHaveBeenRead = isConnected && call.method === 'POST';
  return unreachable(socketPath, mayHaveBeenRead ? 'unknown' : 'none', error);
}

async function readText(
  response: IncomingMessage,
  socketPath: string,
  call: ApiCall,
): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  } catch (error) {
    call.signal.throwIfAborted();
    throw unreachable(socketPath, call.method === 'POST' ? 'unknown' : 'none', error);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function isOk({ statusCode }: IncomingMessage): boolean {
  return statusCode === 200 || statusCode === 201;
}

function parseAnswer(text: string, socketPath: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw foreign(socketPath, error);
  }
}

function failureIn(text: string, response: IncomingMessage, socketPath: string): OperationalError {
  const type = response.headers['content-type'] ?? '';
  if (!type.startsWith('application/problem+json')) {
    return foreign(socketPath, `status ${response.statusCode ?? 0}`);
  }
  const { code, detail, effect, details } = parseAnswer(text, socketPath) as ProblemAnswer;
  if (!isFailureCode(code)) {
    return operationalError(
      'version-differs',
      `The server failed in a way this version does not know (${code}): ${detail}`,
    );
  }
  return new OperationalError(failureOf(code, detail, { effect, ...(details && { details }) }));
}

function isFailureCode(code: string): code is FailureCode {
  return Object.hasOwn(failures, code);
}

function foreign(socketPath: string, cause: unknown): OperationalError {
  return operationalError(
    'version-differs',
    `What answers on ${socketPath} does not speak the protocol of this Surefoot.`,
    { effect: 'unknown', cause },
  );
}

function unreachable(
  socketPath: string,
  effect: 'none' | 'unknown',
  cause: unknown,
): OperationalError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return operationalError('agent-unreachable', `The server on ${socketPath} is away: ${reason}.`, {
    effect,
    cause,
  });
}
