import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levelsByWord } from './levels-by-word.ts';

test('what a tool calls how bad something is has its level, and what nobody calls it so is high', () => {
  const levelOf = levelsByWord({ info: 'note', error: 'medium' });

  assert.deepEqual(['info', 'error', 'INFO', ''].map(levelOf), ['note', 'medium', 'high', 'high']);
});

test('a word that every object knows is one that nobody knows', () => {
  const levelOf = levelsByWord({ info: 'note' });
  const words = [...Object.getOwnPropertyNames(Object.prototype), 'length', 'prototype'];

  for (const word of words) assert.equal(levelOf(word), 'high', word);
});
