import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, type IncomingMessage, type ServerResponse } from 'node:http';
import test from 'node:test';
import { candidate, totalOf } from '../../test/support/edge/edge-under-test.ts';
import { createStillClock } from '../../test/support/edge/shifted-clock.ts';
import { startBadCandidate } from '../../test/support/edge/start-bad-candidate.ts';
import { until } from '../../test/support/until.ts';

const KIBIBYTE = 1024;
/** Longer than any answer is held. */
const LONG_MS = 1_000;

for (const framing of ['with a length', 'in chunks']) {
  test(`an answer ${framing} that breaks in its body is given by the stable pool`, async (t) => {
    const { edge, old, next } = await startBadCandidate(t, (request, response) => {
      if (framing === 'with a length') response.setHeader('content-length', 64 * KIBIBYTE);
      response.write(Buffer.alloc(60 * KIBIBYTE), () => request.socket.destroy());
    });

    const answer = await fetch(`${edge.url}/page`);

    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), 'old');
    assert.deepEqual([next.seen, old.seen], [['GET /page'], ['GET /page']]);
    assert.equal(await totalOf(edge, candidate, 'resets'), 1);
    assert.equal(await totalOf(edge, candidate, 'rescued'), 1);
    assert.equal(await totalOf(edge, candidate, 'clientErrors'), 0);
  });
}

test('an answer that is held arrives as it was sent', async (t) => {
  const bytes = Buffer.from(Array.from({ length: 200 * KIBIBYTE }, (_, index) => index % 251));
  const { edge, old } = await startBadCandidate(t, (request, response) => {
    response.end(bytes.subarray(0, Number(request.url?.slice(1)) * KIBIBYTE));
  });

  for (const size of [0, 1, 64, 65, 200]) {
    const answer = await fetch(`${edge.url}/${size}`);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), bytes.subarray(0, size * KIBIBYTE));
  }

  assert.deepEqual(old.seen, []);
});

test('an answer that is longer than what is held is passed on, and its end cannot be taken back', async (t) => {
  const { edge, old } = await startBadCandidate(t, (request, response) => {
    response.setHeader('content-length', 100 * KIBIBYTE);
    response.write(Buffer.alloc(80 * KIBIBYTE), () => request.socket.destroy());
  });

  await assert.rejects(async () => (await fetch(edge.url)).text());

  assert.deepEqual(old.seen, []);
  assert.equal(await totalOf(edge, candidate, 'idempotentClientErrors'), 1);
});

test('the beginning of a slow answer is passed on after a while', async (t) => {
  const clock = createStillClock();
  const slow: ServerResponse[] = [];
  const { edge } = await startBadCandidate(
    t,
    (request, response) => {
      if (request.url === '/other') response.end();
      else slow.push(response);
    },
    { clock },
  );
  const arrived: string[] = [];
  const request = get(edge.url, { agent: false }, (answer) => {
    answer.on('data', (chunk: Buffer) => arrived.push(chunk.toString()));
  });
  t.after(() => request.destroy());
  await until('the candidate has the request', () => slow.length === 1);
  slow[0]?.write('first');
  await fetch(`${edge.url}/other`);
  const before = arrived.length;
  clock.advance(LONG_MS);
  await until('it arrives', () => arrived.length > 0);
  slow[0]?.end('later');
  await until('the rest arrives', () => arrived.length > 1);

  assert.equal(before, 0);
  assert.deepEqual(arrived, ['first', 'later']);
});

test('an answer whose head nobody can pass on is given by the stable pool', async (t) => {
  const { edge } = await startBadCandidate(t, (request) => {
    request.socket.write('HTTP/1.1 200 \x01\r\ncontent-length: 0\r\n\r\n');
  });

  const answer = await fetch(edge.url);

  assert.equal(await answer.text(), 'old');
  assert.equal(await totalOf(edge, candidate, 'resets'), 1);
  assert.equal(await totalOf(edge, candidate, 'clientErrors'), 0);
});

for (const [name, value] of [
  ['content-type', 'text/event-stream; charset=utf-8'],
  ['X-Accel-Buffering', 'no'],
] as const) {
  test(`an answer with ${name}: ${value} is not held`, async (t) => {
    const { edge } = await startBadCandidate(
      t,
      (_request, response) => response.setHeader(name, value).write('first'),
      { clock: createStillClock() },
    );

    const [answer] = (await once(get(edge.url, { agent: false }), 'response')) as [IncomingMessage];
    const [first] = (await once(answer, 'data')) as [Buffer];
    answer.destroy();

    assert.equal(first.toString(), 'first');
  });
}

test('a request that changes something gets what there is of its answer', async (t) => {
  const { edge, old } = await startBadCandidate(
    t,
    (_request, response) => response.write('first'),
    { clock: createStillClock() },
  );
  const answer = await fetch(edge.url, { method: 'POST', body: 'x' });
  const part = await answer.body?.getReader().read();

  assert.equal(Buffer.from(part?.value ?? []).toString(), 'first');
  assert.deepEqual(old.seen, []);
});
