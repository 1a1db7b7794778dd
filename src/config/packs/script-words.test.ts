import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scriptWords } from './script-words.ts';

const isMocha = ([first]: readonly string[]): boolean => first === 'mocha';

test('a script that starts the program in plain words says how it is started', () => {
  const scripts = {
    lint: 'eslint .',
    test: 'mocha --exit test/**/*.js',
    'test:unit': 'mocha unit/',
  };

  // A shell would read the stars.
  assert.deepEqual(scriptWords(scripts, isMocha), ['mocha', 'unit/']);
});

test('what is called test comes first, and a part of a chain counts as one', () => {
  const scripts = { all: 'mocha everything/', test: 'npm run build && mocha unit/' };

  assert.deepEqual(scriptWords(scripts, isMocha), ['mocha', 'unit/']);
});

test('what a shell is needed for, or never ends, is not taken over', () => {
  for (const text of [
    'mocha $FILES',
    'mocha "a b"',
    'mocha | tee log',
    'mocha > log',
    'mocha `ls`',
    'mocha --watch',
    'mocha -w',
    'mocha {a,b}',
  ]) {
    assert.equal(scriptWords({ test: text }, isMocha), null, text);
  }
  assert.equal(scriptWords({}, isMocha), null);
});
