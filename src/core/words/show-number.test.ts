import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { counted } from './counted.ts';
import { oddsSentence, showOdds, showOddsOf } from './odds-sentence.ts';
import { growthWords } from './growth-words.ts';
import { showNumber } from './show-number.ts';
import { showSize } from './show-size.ts';
import { showValue } from './show-value.ts';

test('a number has separators, whole counts and three digits that say something', () => {
  const shown = [0, 1, 12_345, 123.4, 12.345, 0.012_34, -0.693, 1e-12, NaN].map((value) =>
    showNumber(value),
  );

  assert.deepEqual(shown, ['0', '1', '12,345', '123', '12.3', '0.0123', '-0.693', '0', 'unknown']);
});

test('a size is shown in its largest unit', () => {
  const shown = [0, 512, 1_024, 1_536, 38 * 1_024 ** 2, -5 * 1_024 ** 3, 2 ** 60].map(showSize);

  assert.deepEqual(shown, [
    '0 B',
    '512 B',
    '1 KiB',
    '1.5 KiB',
    '38 MiB',
    '-5 GiB',
    '1,048,576 TiB',
  ]);
});

test('what has grown is told with its sign and its time', () => {
  const of = { evidence: 1, overMs: 7_200_000 };

  assert.equal(
    growthWords({ ...of, gauge: 'memory', growth: 38 * 1_024 ** 2 }),
    'memory +38 MiB against the stable release over 2 h',
  );
  assert.equal(
    growthWords({ ...of, gauge: 'openFiles', growth: -120 }),
    'open files -120 against the stable release over 2 h',
  );
});

test('a number beside another one has the digits that tell them apart', () => {
  assert.equal(showNumber(1_000.4, 1_000), '1,000.4');
  assert.equal(showNumber(1.0041, 1), '1.004');
});

test('two numbers that are not almost equal are never shown alike', () => {
  const value = fc.integer({ min: -1e9, max: 1e9 }).map((whole) => whole / 1_000);
  fc.assert(
    fc.property(value, value, (left, right) => {
      fc.pre(left !== right);
      assert.notEqual(showNumber(left, right), showNumber(right, left));
    }),
  );
});

test('one of something is singular', () => {
  assert.deepEqual(
    [counted(1, 'request'), counted(1_200, 'request')],
    ['1 request', '1,200 requests'],
  );
  assert.equal(counted(2, 'reply', 'replies'), '2 replies');
});

test('a value has its unit, and differs from its limit when it does', () => {
  assert.equal(showValue(0.012, 'fraction'), '1.2 %');
  assert.equal(showValue(1_540, 'ms', 1_500), '1,540 ms');
  assert.equal(showValue(9_000, 'ms', 10_000), '9 s');
  assert.equal(showValue(1, 'requests', 100), '1 request');
  assert.equal(showValue(3, 'failures'), '3 failures');
  assert.equal(showValue(50, 'percent'), '50 %');
  assert.equal(showValue(6.9078, 'nats', 9), 'ln E 6.91');
});

test('evidence is told as a bet, with what it would take', () => {
  const needed = -Math.log(0.001);

  assert.equal(showOdds(9.02), '8,300 : 1');
  assert.equal(showOdds(700), 'more than 1,000,000,000 : 1');
  assert.match(oddsSentence(9.02, needed), /8,300 : 1 .*\(ln E 9\.02\); 1,000 : 1 .*was enough/);
  assert.match(oddsSentence(2.5, needed), /^12 : 1 .*it takes 1,000 : 1/);
  assert.equal(
    showOddsOf(2.5, needed),
    '12 : 1 against it, 1,000 : 1 condemns it (ln E 2.5 of 6.91)',
  );
  assert.match(oddsSentence(-0.69, needed), /^none that it is worse: 0\.5 : 1/);
});
