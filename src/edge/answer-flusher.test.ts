import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import test from 'node:test';
import { startBackend } from '../../test/support/edge/backend.ts';
import { startServingEdge } from '../../test/support/edge/edge-under-test.ts';
import { until } from '../../test/support/until.ts';
import { createAnswerFlusher } from './answer-flusher.ts';

test('answers of one turn are written in one go, after the turn', async () => {
  const written: string[] = [];
  const flusher = createAnswerFlusher();
  const answerOf = (name: string) => ({ flush: () => void written.push(name) });

  flusher.flushSoon(answerOf('first'));
  flusher.flushSoon(answerOf('second'));
  assert.deepEqual(written, []);
  await nextTurn();
  assert.deepEqual(written, ['first', 'second']);

  flusher.flushSoon(answerOf('third'));
  await nextTurn();
  assert.deepEqual(written, ['first', 'second', 'third']);
});

test('malformed bytes that arrive with an answer are refused behind it, not before', async (t) => {
  const asked: ServerResponse[] = [];
  const backend = await startBackend(t, (_request, response) => void asked.push(response));
  const edge = await startServingEdge(t, [backend.port]);
  const client = connect(edge.port, '127.0.0.1');
  t.after(() => client.destroy());
  let text = '';
  client.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await until('the backend was asked', () => asked.length === 1);

  // Both are there before the event loop turns, the answer first.
  asked[0]?.end('answered');
  client.write('\0\r\n\r\n');
  await once(client, 'end');

  assert.match(text, /^HTTP\/1\.1 200 [^]*answered/);
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
