/** The API on a real socket, over an engine with a real database and simulated drivers. */
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { EventLine, ProblemAnswer } from '../../../src/api/contract/answers.ts';
import { serveApi } from '../../../src/api/serve-api.ts';
import { createLog } from '../../../src/platform/log.ts';
import { engineUnderTest, type EngineUnderTest } from '../engine/run-deployment.ts';
import type { TestPostgres } from '../store/test-postgres.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  /** The parsed body, as whatever the test knows it to be. */
  readonly body: unknown;
}

export interface ApiUnderTest {
  readonly under: EngineUnderTest;
  readonly socketPath: string;
  /** What the server logged: bugs only. */
  readonly logged: readonly string[];
  get(path: string): Promise<ApiAnswer>;
  post(path: string, body: unknown): Promise<ApiAnswer>;
  /** Sends text as it is. */
  send(
    method: string,
    path: string,
    options?: { readonly text?: string; readonly headers?: Readonly<Record<string, string>> },
  ): Promise<ApiAnswer>;
  /** Lines of a stream as they come. */
  open(path: string): Promise<IncomingMessage>;
  /** Raw bytes, to what the server answers until it closes or has answered once. */
  raw(bytes: string): Promise<string>;
}

export async function apiUnderTest(
  test: TestContext,
  postgres: TestPostgres,
): Promise<ApiUnderTest> {
  const under = await engineUnderTest(test, postgres);
  const name = new URL(under.store.connectionString).pathname.slice(1);
  const socketPath = join(postgres.directory.root, `${name}.sock`);
  const logged: string[] = [];
  const log = createLog({ write: (line) => logged.push(line) });
  const listener = await serveApi({ engine: under.engine, socketPath, version: '9.9.9', log });
  test.after(() => listener.close());

  const open = async (
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    text?: string,
  ): Promise<IncomingMessage> => {
    const call = request({ socketPath, method, path, headers, agent: false });
    call.end(text);
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    return response;
  };
  const send: ApiUnderTest['send'] = async (method, path, { text, headers } = {}) => {
    const response = await open(method, path, headers, text);
    const answer = await textOf(response);
    const type = response.headers['content-type'] ?? '';
    return {
      status: response.statusCode ?? 0,
      type,
      text: answer,
      body:
        /^application\/(problem\+)?json/.test(type) && answer !== ''
          ? JSON.parse(answer)
          : undefined,
    };
  };
  return {
    under,
    socketPath,
    logged,
    send,
    get: (path) => send('GET', path),
    post: (path, body) =>
      send('POST', path, {
        text: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    open: (path) => open('GET', path),
    async raw(bytes) {
      const socket = connect(socketPath);
      socket.setEncoding('latin1');
      let answer = '';
      socket.on('data', (chunk: string) => (answer += chunk));
      // A server that has answered may reset what is still sent to it.
      socket.on('error', () => undefined);
      socket.write(bytes, 'latin1');
      await once(socket, 'close');
      return answer;
    },
  };
}

export function problemOf(answer: ApiAnswer): ProblemAnswer {
  return answer.body as ProblemAnswer;
}

/** All lines of a stream that ends. */
export async function linesOf(response: IncomingMessage): Promise<readonly EventLine[]> {
  const text = await textOf(response);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as EventLine);
}

async function textOf(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response as AsyncIterable<string>) text += chunk;
  return text;
}
