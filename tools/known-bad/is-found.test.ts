import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFound, type CheckedJson } from './is-found.ts';

const leak = { check: 'endurance', unmet: 'growth of memory', by: /MiB/ };
const growth = { what: 'growth of memory', observed: '12 MiB a minute', state: 'unmet' };
const most = { what: 'memory, the most', observed: '600 MiB', state: 'unmet' };
const passing = new Set(['endurance']);

function failed(...criteria: CheckedJson['criteria']): CheckedJson {
  return { name: 'endurance', outcome: 'FAIL', because: null, criteria };
}

test('a fault is found by the criterion that is meant to, among others too', () => {
  assert.ok(isFound(leak, failed(most, growth), passing));
});

test('what fails by another criterion, or without the fault as well, has not found it', () => {
  assert.equal(isFound(leak, failed(most, { ...growth, state: 'met' }), passing), false);
  assert.equal(isFound(leak, failed({ ...growth, observed: 'much' }), passing), false);
  assert.equal(isFound(leak, failed(growth), new Set()), false);
  assert.equal(isFound(leak, { ...failed(growth), outcome: 'ERROR' }, passing), false);
  assert.equal(isFound(leak, undefined, passing), false);
});
