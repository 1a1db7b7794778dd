import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { phasesOf, readHistory } from './history.ts';
import { startLoadProcess } from './start-load-process.ts';
import { startScriptedServer } from './scripted-server.ts';

const program = fileURLToPath(new URL('load-client.ts', import.meta.url));

function answerArticles(request: IncomingMessage, response: ServerResponse): void {
  response.end(request.url === '/api/articles' ? '{"articles":[{"id":1}]}' : 'fine');
}

test('a harness cuts the history of its load into phases', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'sf-load-'));
  t.after(() => rm(directory, { recursive: true }));
  const server = await startScriptedServer({ answer: answerArticles });
  t.after(server.close);
  const out = join(directory, 'history.ndjson');
  const args = ['--url', server.url, '--sse', '0', '--ws', '0', '--duration', '600', '--out', out];
  const load = await startLoadProcess(program, args);
  t.after(load.kill);

  await load.mark('deploy 2.0');
  while ((await load.count()).ok < 20);
  await load.mark('done');
  load.stop();
  const { summary } = await load.done;
  const phases = phasesOf(await readHistory(out));

  assert.deepEqual(
    phases.map(({ name }) => name),
    ['start', 'deploy 2.0', 'done'],
  );
  const requests = phases.reduce((sum, phase) => sum + phase.requests, 0);
  assert.equal(requests, summary.requests);
  assert.equal(summary.failed + summary.unknown, 0);
});

test('a client that cannot begin is an error that says why', async () => {
  await assert.rejects(startLoadProcess(program, []), /exit code 2.*--url is missing/s);
});

test('a client that is killed leaves an error, not a wait for ever', async (t) => {
  const server = await startScriptedServer({ answer: answerArticles });
  t.after(server.close);
  const load = await startLoadProcess(program, ['--url', server.url, '--duration', '600']);

  load.kill();

  await assert.rejects(load.done, /the load client ended/);
  await assert.rejects(load.count(), /the load client ended/);
});
