import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sparkline } from './sparkline.ts';

const glyphs = ['1', '2', '3', '4'];

test('values rise from the lowest glyph to the highest', () => {
  assert.equal(sparkline([0, 1, 2, 3, 4], { least: 0, most: 4, glyphs }), '12344');
});

test('a gap, and what is no number, is a space', () => {
  assert.equal(sparkline([null, 4, NaN, Infinity], { least: 0, most: 4, glyphs }), ' 4  ');
});

test('values that are all the same lie at the bottom', () => {
  assert.equal(sparkline([2, 2, 2], { least: 2, most: 2, glyphs }), '111');
});

test('values beyond the scale stay within the glyphs', () => {
  assert.equal(sparkline([-9, 9], { least: 0, most: 4, glyphs }), '14');
});

test('there is one glyph for each value, and a larger value is never lower', () => {
  const value = fc.double({ noNaN: true, min: -1e9, max: 1e9 });
  fc.assert(
    fc.property(fc.array(value), value, value, (values, left, right) => {
      const least = Math.min(left, right);
      const most = Math.max(left, right);
      const line = sparkline(
        values.toSorted((a, b) => a - b),
        { least, most, glyphs },
      );
      assert.equal(line.length, values.length);
      assert.equal([...line].toSorted().join(''), line);
    }),
  );
});
