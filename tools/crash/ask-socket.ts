/**
 * HTTP over a Unix socket, written for the crash tests alone: who judges from outside must not share
 * the code that is judged.
 */
import { request, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';

const PATIENCE_MS = 5_000;

/** Throws when nobody answers in time, or answers with anything but success. */
export async function askSocket(
  socketPath: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const response = await open(socketPath, path, { body, signal });
  const text = await textOf(response);
  if (!isSuccess(response)) throw new Error(`${path} answered ${response.statusCode}: ${text}`);
  return JSON.parse(text) as unknown;
}

/** One JSON value a line, until the other side or the signal ends it. */
export async function* listenOnSocket(
  socketPath: string,
  path: string,
  signal: AbortSignal,
): AsyncGenerator {
  const response = await open(socketPath, path, { signal });
  if (!isSuccess(response)) throw new Error(`${path} answered ${response.statusCode}`);
  for await (const line of createInterface({ input: response })) {
    if (line !== '') yield JSON.parse(line) as unknown;
  }
}

function open(
  socketPath: string,
  path: string,
  { body, signal }: { readonly body?: unknown; readonly signal: AbortSignal },
): Promise<IncomingMessage> {
  const text = body === undefined ? '' : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const call = request({
      socketPath,
      path,
      method: body === undefined ? 'GET' : 'POST',
      agent: false,
      signal,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
    });
    call.once('response', resolve);
    call.once('error', reject);
    call.end(text);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response as AsyncIterable<string>) text += chunk;
  return text;
}

function isSuccess({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}
