import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExpectedStatuses } from './expected-statuses.ts';

test('statuses are listed by number and by class', () => {
  const expected = parseExpectedStatuses('2xx,304');

  assert.deepEqual(
    [200, 204, 299, 304, 301, 404, 500].filter((status) => expected?.isGood(status)),
    [200, 204, 299, 304],
  );
});

test('what is no list of statuses is refused', () => {
  for (const text of ['', '2', '2xx,', 'ok', '1xx', '600', '2xx 304', '2xx,2xxx', '20']) {
    assert.equal(parseExpectedStatuses(text), null, text);
  }
});
