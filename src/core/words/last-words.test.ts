import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastWords } from './last-words.ts';

const crashes: Readonly<Record<string, readonly [lines: readonly string[], told: string]>> = {
  'Node, by an error': [
    [
      'listening on 8080',
      'server.js:4',
      "  throw new TypeError('no such table');",
      '  ^',
      '',
      'TypeError: no such table',
      '    at start (server.js:4:9)',
      '',
      'Node.js v24.11.1',
    ],
    'its last error: TypeError: no such table',
  ],
  'Node, by an error with a code': [
    ['Error [ERR_MODULE]: Cannot find module', '    at a.js:1:1', '', 'Node.js v24.11.1'],
    'its last error: Error [ERR_MODULE]: Cannot find module',
  ],
  Go: [
    ['panic: nil map', '', 'goroutine 1 [running]:', 'main.main()', 'exit status 2'],
    'its last error: panic: nil map',
  ],
  Java: [
    [
      'Exception in thread "main" java.lang.IllegalStateException: no port',
      '\tat Main.main(Main.java:3)',
    ],
    'its last error: Exception in thread "main" java.lang.IllegalStateException: no port',
  ],
  'PostgreSQL clients': [
    ['FATAL: password authentication failed', 'closing'],
    'its last error: FATAL: password authentication failed',
  ],
};

for (const [what, [lines, told]] of Object.entries(crashes)) {
  test(`of a crash (${what}) the error is quoted, not what is printed below it`, () => {
    assert.equal(lastWords(lines), told);
  });
}

test('without an error the last line that has any words is quoted', () => {
  assert.equal(lastWords(['ready', 'errors are counted here', 'bye', ' ']), 'its last line: bye');
  assert.equal(lastWords(['', ' ']), '');
  assert.equal(lastWords([]), '');
});

test('a long line is cut, and shows it', () => {
  assert.equal(
    lastWords([`Error: ${'x'.repeat(16_384)}`]),
    `its last error: Error: ${'x'.repeat(293)} ...`,
  );
  assert.equal(lastWords(['y'.repeat(300)]), `its last line: ${'y'.repeat(300)}`);
});

test('of several errors the last one is quoted', () => {
  assert.equal(lastWords(['Error: a', 'retrying', 'Error: b', 'exit']), 'its last error: Error: b');
});
