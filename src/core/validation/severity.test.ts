import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levelOfScore, levelOfSeverity } from './severity.ts';

test('the words of all tools are put on one scale, in whatever case they are written', () => {
  const words = ['negligible', 'Low', 'MEDIUM', 'moderate', 'important', 'HIGH', 'Critical'];

  assert.deepEqual(
    words.map((word) => levelOfSeverity(word)),
    ['note', 'low', 'medium', 'medium', 'high', 'high', 'critical'],
  );
});

test('a word goes before a figure, and the worst figure counts where there is no word', () => {
  assert.equal(levelOfSeverity('low', [9.8]), 'low');
  assert.equal(levelOfSeverity(undefined, [3.1, 7.5]), 'high');
  assert.equal(levelOfSeverity('UNKNOWN', [5.3]), 'medium');
});

test('what nobody says how bad it is, or says in a word that nobody knows, is high', () => {
  assert.equal(levelOfSeverity(undefined), 'high');
  assert.equal(levelOfSeverity('unknown', [0]), 'high');
  assert.equal(levelOfSeverity('catastrophic'), 'high');
});

test('figures are put on the scale by the bounds of CVSS 3.1', () => {
  assert.deepEqual([0.1, 3.9, 4, 6.9, 7, 8.9, 9, 10].map(levelOfScore), [
    ...['low', 'low', 'medium', 'medium', 'high', 'high', 'critical', 'critical'],
  ]);
});
