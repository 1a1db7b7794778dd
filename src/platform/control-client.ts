/** Calls an agent's control verbs over its Unix socket; the other half of `control-server.ts`. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import type { Failure } from '../core/failures.ts';
import { OperationalError, operationalError } from '../core/operational-error.ts';

export interface ControlCall {
  readonly method: 'GET' | 'POST';
  /** Path with query. */
  readonly path: string;
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

/**
 * One verb, one connection. Throws the agent's own failure, or `agent-unreachable`: with effect
 * `none` when no connection came about, `unknown` when it broke after the verb may have been read.
 */
export async function callControl(socketPath: string, call: ControlCall): Promise<unknown> {
  const response = await open(socketPath, call);
  let text = '';
  try {
    response.setEncoding('utf8');
    for await (const chunk of response as AsyncIterable<string>) text += chunk;
  } catch (error) {
    throw unreachable(socketPath, 'unknown', error);
  }
  if (response.statusCode !== 200) throw failureIn(text, socketPath);
  return JSON.parse(text) as unknown;
}

/** A verb that answers with one JSON document a line; ends with the stream or the signal. */
export async function* streamControl(
  socketPath: string,
  call: ControlCall,
): AsyncIterable<unknown> {
  const response = await open(socketPath, call);
  if (response.statusCode !== 200) {
    let text = '';
    for await (const chunk of response as AsyncIterable<Buffer>) text += chunk.toString('utf8');
    throw failureIn(text, socketPath);
  }
  try {
    for await (const line of createInterface({ input: response })) {
      if (line !== '') yield JSON.parse(line) as unknown;
    }
  } catch (error) {
    if (!call.signal.aborted) throw unreachable(socketPath, 'none', error);
  } finally {
    response.destroy();
  }
}

function open(socketPath: string, call: ControlCall): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const text = call.body === undefined ? undefined : JSON.stringify(call.body);
    let connected = false;
    const request = httpRequest({
      socketPath,
      method: call.method,
      path: call.path,
      agent: false,
      signal: call.signal,
      headers: text === undefined ? {} : { 'content-length': Buffer.byteLength(text) },
    });
    request.once('socket', (socket) => socket.once('connect', () => (connected = true)));
    request.once('response', resolve);
    request.once('error', (error) => {
      reject(
        unreachable(socketPath, connected && call.method === 'POST' ? 'unknown' : 'none', error),
      );
    });
    request.end(text);
  });
}

function failureIn(text: string, socketPath: string): OperationalError {
  try {
    const { failure } = JSON.parse(text) as { failure: Failure };
    return new OperationalError(failure);
  } catch (error) {
    return unreachable(socketPath, 'unknown', error);
  }
}

function unreachable(
  socketPath: string,
  effect: 'none' | 'unknown',
  cause: unknown,
): OperationalError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return operationalError('agent-unreachable', `No answer on ${socketPath}: ${reason}.`, {
    effect,
    cause,
  });
}
