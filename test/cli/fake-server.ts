/** A server that answers what the test says, on the Unix socket where commands look for one. */
import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

export type Answer = (request: SeenRequest, response: ServerResponse) => void;

export interface FakeServer {
  readonly seen: SeenRequest[];
  /** Replaces the answer to one verb, for example `GET /v1/status`. */
  readonly answer: (verb: string, answer: Answer) => void;
  /** Cuts every connection and takes the socket away, as kill -9 does. */
  readonly kill: () => Promise<void>;
  readonly restart: () => Promise<void>;
}

/** Listens for the project in `folder`, as the server of that name. */
export async function startFakeServer(
  test: TestContext,
  folder: string,
  answers: Readonly<Record<string, Answer>>,
  name = 'server',
): Promise<FakeServer> {
  const stateDirectory = join(folder, '.surefoot');
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
  const socketPath = join(stateDirectory, `${name}.sock`);
  const table = new Map(Object.entries(answers));
  const seen: SeenRequest[] = [];
  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = '';
    for await (const chunk of message as AsyncIterable<Buffer>) text += chunk.toString('utf8');
    const path = message.url ?? '';
    const request = {
      method: message.method ?? '',
      path,
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    };
    seen.push(request);
    const answer = table.get(`${request.method} ${path.split('?')[0] ?? ''}`);
    if (answer) answer(request, response);
    else problem(404, 'not-found', `There is no ${path}.`)(request, response);
  };
  let server = createServer((message, response) => void handle(message, response));
  const kill = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  const restart = async (): Promise<void> => {
    server = createServer((message, response) => void handle(message, response));
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  };
  await restart();
  test.after(kill);
  return { seen, answer: (verb, answer) => table.set(verb, answer), kill, restart };
}

export function json(value: unknown, status = 200): Answer {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
}

export function problem(status: number, code: string, detail: string, effect = 'none'): Answer {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify({ type: 'x', title: 'x', status, detail, code, effect }));
  };
}

export function ndjson(...values: readonly unknown[]): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.end(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
  };
}
