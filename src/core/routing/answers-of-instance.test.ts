import assert from 'node:assert/strict';
import test from 'node:test';
import { answersUnder, withAnswer, type AnswersOfInstance } from './answers-of-instance.ts';

const at = (sequence: number) => ({ deployment: 1, sequence });

function after(...sequences: readonly number[]): AnswersOfInstance | null {
  return sequences.reduce<AnswersOfInstance | null>(
    (answers, sequence) => withAnswer(answers, at(sequence)),
    null,
  );
}

test('answers are counted under the split in force alone', () => {
  assert.equal(answersUnder(after(), at(1)), 0);
  assert.equal(answersUnder(after(1, 1, 1), at(1)), 3);
  assert.equal(answersUnder(after(1, 1, 1), at(2)), 0);
  assert.equal(answersUnder(after(1, 1, 1, 2), at(2)), 1);
});

test('a late answer under a split before takes nothing away', () => {
  assert.equal(answersUnder(after(2, 2, 1), at(2)), 2);
});
