import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startScriptedServer } from './scripted-server.ts';

const program = fileURLToPath(new URL('load-client.ts', import.meta.url));

interface Client {
  readonly process: ChildProcess;
  readonly lines: AsyncIterator<string, unknown>;
  say(line: string): void;
  readonly exitCode: Promise<number | null>;
}

function aClient(t: TestContext, ...args: readonly string[]): Client {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'ignore'] });
  t.after(() => child.kill('SIGKILL'));
  return {
    process: child,
    lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
    say: (line) => child.stdin.write(`${line}\n`),
    exitCode: new Promise((resolve) => child.once('exit', resolve)),
  };
}

function answerArticles(request: IncomingMessage, response: ServerResponse): void {
  response.end(request.url === '/api/articles' ? '{"articles":[{"id":1}]}' : 'fine');
}

async function nextLine(client: Client): Promise<string> {
  const line = await client.lines.next();
  if (line.done === true) throw new Error('the client said nothing more');
  return line.value;
}

test('a harness can mark, count and stop over stdin', async (t) => {
  const server = await startScriptedServer({ answer: answerArticles });
  t.after(server.close);
  const client = aClient(t, '--url', server.url, '--sse', '0', '--ws', '0', '--duration', '600');

  client.say('mark cutover');
  assert.equal(await nextLine(client), 'marked');
  client.say('count');
  assert.match(await nextLine(client), /^\{"count":\{"requests":\d+,/);
  client.say('stop');
  assert.match(await nextLine(client), /^\{"summary":\{"requests":\d+,/);
  assert.equal(await client.exitCode, 0);
});

test('SIGTERM ends the run with a summary', async (t) => {
  const server = await startScriptedServer({ answer: answerArticles });
  t.after(server.close);
  const client = aClient(t, '--url', server.url, '--sse', '0', '--ws', '0', '--json');
  client.say('mark running');
  assert.equal(await nextLine(client), '{"marked":"running"}');

  client.process.kill('SIGTERM');

  assert.match(await nextLine(client), /^\{"summary":/);
  assert.equal(await client.exitCode, 0);
});

test('a run whose writes cannot be verified exits with 1', async (t) => {
  const server = await startScriptedServer({ answer: answerArticles });
  t.after(server.close);
  const args = ['--sse', '0', '--ws', '0', '--duration', '0.3', '--rate', '50', '--verify'];

  const client = aClient(t, '--url', server.url, ...args);

  assert.match(await nextLine(client), /"verification":\{"holds":false,"problem":/);
  assert.equal(await client.exitCode, 1);
});

test('wrong usage exits with 2', async (t) => {
  const client = aClient(t, '--url', 'nonsense');

  assert.equal(await client.exitCode, 2);
});
