import assert from 'node:assert/strict';
import test from 'node:test';
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
  flusher.flushNow();
  assert.deepEqual(written, ['first', 'second', 'third']);
  await nextTurn();
  assert.deepEqual(written, ['first', 'second', 'third'], 'none is written twice');
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
