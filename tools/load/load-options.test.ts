import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoadUsageError, parseLoadOptions, type LoadOptions } from './load-options.ts';

function parse(...args: readonly string[]): LoadOptions {
  return parseLoadOptions(args, { mix: 'newsroom', nowMs: 36 });
}

test('only the URL must be given', () => {
  const options = parse('--url', 'http://127.0.0.1:8080');

  assert.equal(options.ratePerSecond, 100);
  assert.equal(options.durationMs, 30_000);
  assert.equal(options.mix, 'newsroom');
  assert.equal(options.runId, 'load-1-10');
});

for (const [args, message] of [
  [[], /--url is missing/],
  [['--url', 'ftp://x'], /--url "ftp:\/\/x" is not an http: URL/],
  [['--url', 'http://x', '--rate', '0'], /--rate takes a number from 0.1/],
  [['--url', 'http://x', '--rate', '-1'], /--rate/],
  [['--url', 'http://x', '--rate', '1e3'], /--rate/],
  [['--url', 'http://x', '--seed', '1.5'], /--seed takes a whole number/],
  [['--url', 'http://x', '--out', ''], /--out is empty/],
  [['--url', 'http://x', '--rat', '1'], /--rat/],
  [['--url', 'http://x', 'stray'], /stray/],
] as const) {
  test(`the command line "${args.join(' ')}" is refused`, () => {
    assert.throws(
      () => parse(...args),
      (error) => error instanceof LoadUsageError && message.test(error.message),
    );
  });
}
