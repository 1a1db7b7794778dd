import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placesAt } from '../../../test/support/validation/places-at.ts';
import { placesInWords } from './places-in-words.ts';

test('the first of several places is told, and how many more there are', () => {
  const nameless = 'a place that its tool does not name';

  assert.equal(placesInWords(placesAt('a.js:1')), 'a.js:1');
  assert.equal(placesInWords(placesAt('a.js:1', 'b.js:2', '')), 'a.js:1 and 2 more');
  assert.equal(placesInWords(placesAt('')), nameless);
  assert.equal(placesInWords(placesAt('', 'a.js')), `${nameless} and 1 more`);
});
