import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CUT_MARK, LINE_BYTES_MAX, splitOutput } from './split-output.ts';

test('a line at the cap is whole, and a longer one is cut with a mark', () => {
  const atCap = 'x'.repeat(LINE_BYTES_MAX);

  const whole = splitOutput(Buffer.from(`${atCap}\n`), false);
  const cut = splitOutput(Buffer.from(`${atCap}yz\n`), false);

  assert.deepEqual(
    whole.map(({ text }) => text),
    [atCap],
  );
  assert.deepEqual(
    cut.map(({ text }) => text),
    [atCap + CUT_MARK, 'yz'],
  );
});

test('a cut does not tear a character', () => {
  const text = `${'x'.repeat(LINE_BYTES_MAX - 1)}€€`;

  const lines = splitOutput(Buffer.from(text), true);

  assert.equal(lines.map((line) => line.text.replace(CUT_MARK, '')).join(''), text);
});

test('reading in two steps gives the same lines as reading at once', () => {
  const output = fc
    .array(
      fc.oneof(fc.string({ maxLength: 50 }), fc.constant('\n'), fc.constant('é'.repeat(9_000))),
    )
    .map((parts) => Buffer.from(parts.join('')));
  fc.assert(
    fc.property(output, fc.nat(), (bytes, at) => {
      const atOnce = splitOutput(bytes, true);
      const first = splitOutput(bytes.subarray(0, at % (bytes.length + 1)), false);
      const start = first.at(-1)?.end ?? 0;
      const second = splitOutput(bytes.subarray(start), true);

      assert.deepEqual(
        [...first, ...second.map(({ text, end }) => ({ text, end: end + start }))],
        atOnce,
      );
    }),
    { numRuns: 200 },
  );
});
