import assert from 'node:assert/strict';
import net from 'node:net';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/until.ts';
import type { PlannedRequest } from './mix.ts';
import type { Answer } from './outcome.ts';
import { portOf, startScriptedServer } from './scripted-server.ts';
import { createLoadAgent, sendRequest, type LoadTarget } from './send-request.ts';

function aTarget(t: TestContext, url: string, timeoutMs = 10_000): LoadTarget {
  const agent = createLoadAgent();
  t.after(() => {
    agent.destroy();
  });
  return { url: new URL(url), agent, timeoutMs, versionHeader: 'x-newsroom-version' };
}

function aRequest(method: 'GET' | 'POST', path: string): PlannedRequest {
  const body = method === 'POST' ? '{}' : null;
  return { kind: 'page', method, path, headers: {}, body, clientKey: null };
}

async function verdictOf(target: LoadTarget, request: PlannedRequest): Promise<string> {
  return short(await sendRequest(target, request, new AbortController().signal));
}

function short({ outcome, reason, status }: Answer): string {
  return `${outcome} ${reason ?? '-'} ${status ?? '-'}`;
}

test('an answer is ok with its status and version', async (t) => {
  const server = await startScriptedServer();
  t.after(server.close);

  const { connectionFromMs, ...answer } = await sendRequest(
    aTarget(t, server.url),
    aRequest('POST', '/'),
    new AbortController().signal,
  );

  assert.deepEqual(answer, { status: 200, version: '1.0', outcome: 'ok', reason: null });
  assert.equal(typeof connectionFromMs, 'number');
});

test('an answer tells since when its connection is there, and a new one has another', async (t) => {
  const server = await startScriptedServer();
  t.after(server.close);
  const target = aTarget(t, server.url);
  const from = async (path: string): Promise<number> => {
    const answer = await sendRequest(target, aRequest('GET', path), new AbortController().signal);
    return answer.connectionFromMs ?? 0;
  };

  const first = await from('/');
  await until('the clock has moved on', () => Date.now() > first + 5);
  const [again, lost] = [await from('/'), await from('/reset')];
  const anew = await from('/');

  assert.deepEqual([again, lost], [first, first]);
  assert.ok(anew > first);
});

test('an error status is a failure, of a POST too, for it was answered', async (t) => {
  const server = await startScriptedServer();
  t.after(server.close);
  const target = aTarget(t, server.url);

  assert.equal(await verdictOf(target, aRequest('GET', '/status/503')), 'failed status-503 503');
  assert.equal(await verdictOf(target, aRequest('GET', '/status/404')), 'failed status-404 404');
  assert.equal(await verdictOf(target, aRequest('POST', '/status/502')), 'failed status-502 502');
});

test('a lost answer fails a GET and leaves a POST unknown', async (t) => {
  const server = await startScriptedServer();
  t.after(server.close);
  const target = aTarget(t, server.url);
  const hasty = aTarget(t, server.url, 500);

  assert.equal(await verdictOf(target, aRequest('GET', '/reset')), 'failed reset -');
  assert.equal(await verdictOf(target, aRequest('POST', '/reset')), 'unknown reset -');
  assert.equal(await verdictOf(target, aRequest('GET', '/truncate')), 'failed truncated 200');
  assert.equal(await verdictOf(target, aRequest('POST', '/truncate')), 'unknown truncated 200');
  assert.equal(await verdictOf(hasty, aRequest('GET', '/hang')), 'failed timeout -');
  assert.equal(await verdictOf(hasty, aRequest('POST', '/hang')), 'unknown timeout -');
});

test('a refused connection fails even a POST, for it cannot have been done', async (t) => {
  const server = await startScriptedServer();
  await server.close();

  const verdict = await verdictOf(aTarget(t, server.url), aRequest('POST', '/'));

  assert.equal(verdict, 'failed refused -');
});

test('a reset of a reused connection is counted, and told apart', async (t) => {
  const server = await startScriptedServer();
  t.after(server.close);
  const target = aTarget(t, server.url);
  await verdictOf(target, aRequest('GET', '/'));

  const verdict = await verdictOf(target, aRequest('GET', '/reset'));

  assert.equal(verdict, 'failed reset-reused -');
  assert.deepEqual(server.seen, ['GET /', 'GET /reset']);
});

test('an answer that is not HTTP is a failure', async (t) => {
  const server = net.createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end('220 mail.example ESMTP\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());

  const verdict = await verdictOf(
    aTarget(t, `http://127.0.0.1:${portOf(server)}`),
    aRequest('GET', '/'),
  );

  assert.equal(verdict, 'failed malformed -');
});

test('a body that is not the expected one is a failure in spite of its 200', async (t) => {
  const server = await startScriptedServer();
  t.after(server.close);
  const target = aTarget(t, server.url);
  const checkBody = (body: Buffer): string | null =>
    body.toString() === 'mine' ? null : 'wrong-body';

  const verdict = await verdictOf(target, { ...aRequest('GET', '/'), checkBody });

  assert.equal(verdict, 'failed wrong-body 200');
});

test('an abandoned request counts as unfinished', async (t) => {
  const server = await startScriptedServer();
  t.after(server.close);

  const answer = await sendRequest(
    aTarget(t, server.url),
    aRequest('GET', '/hang'),
    AbortSignal.timeout(50),
  );

  assert.equal(short(answer), 'failed unfinished -');
});
