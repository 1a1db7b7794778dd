import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startScriptedServer } from './scripted-server.ts';

const program = fileURLToPath(new URL('load-client.ts', import.meta.url));

async function aUrl(t: TestContext): Promise<string> {
  const server = await startScriptedServer({
    answer(request: IncomingMessage, response: ServerResponse) {
      response.end(request.url === '/api/articles' ? '{"articles":[{"id":1}]}' : 'fine');
    },
  });
  t.after(server.close);
  return server.url;
}

async function aRun(
  t: TestContext,
  args: readonly string[],
  says = '',
): Promise<{ exitCode: unknown; output: string; complaints: string }> {
  const child = spawn(process.execPath, [program, '--sse', '0', '--ws', '0', ...args]);
  t.after(() => child.kill('SIGKILL'));
  const exitCode = new Promise((resolve) => child.once('exit', resolve));
  child.stdin.write(says);
  // The first answer shows that the client listens to signals as well.
  child.stdout.once('data', () => {
    if (args.includes('--json')) child.kill('SIGTERM');
  });
  const [output, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await exitCode, output, complaints };
}

test('a person or a script can mark, count and stop over stdin', async (t) => {
  const url = await aUrl(t);

  const run = await aRun(t, ['--url', url, '--duration', '600'], 'mark here\ncount\nstop\n');

  const [marked, count, summary] = run.output.split('\n');
  assert.equal(marked, 'marked');
  assert.match(count ?? '', /^\{"count":\{"requests":\d+,/);
  assert.match(summary ?? '', /^\{"summary":\{"requests":\d+,/);
  assert.equal(run.exitCode, 0);
});

test('SIGTERM ends the run with a summary', async (t) => {
  const url = await aUrl(t);

  const run = await aRun(t, ['--url', url, '--duration', '600', '--json'], 'mark here\n');

  assert.match(run.output, /\n\{"summary":\{[^\n]*\n$/);
  assert.equal(run.exitCode, 0);
});

test('a run whose writes cannot be verified exits with 1', async (t) => {
  const args = ['--url', await aUrl(t), '--duration', '0.2', '--rate', '20', '--verify'];

  const run = await aRun(t, args);

  assert.match(run.output, /"summary":.*"verification":\{"holds":false,"problem":/);
  assert.equal(run.exitCode, 1);
});

test('wrong usage exits with 2 and shows the options', async (t) => {
  const run = await aRun(t, ['--url', 'nonsense']);

  assert.equal(run.exitCode, 2);
  assert.match(run.complaints, /--url "nonsense" is not an http: URL\nUsage: load-client --url/);
});
