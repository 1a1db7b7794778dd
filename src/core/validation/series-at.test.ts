import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { seriesAt } from './series-at.ts';

const series = fc.record({
  name: fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,10}$/),
  labels: fc.dictionary(
    fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,10}$/),
    fc.string({ unit: 'binary' }),
    { maxKeys: 4, noNullPrototype: true },
  ),
});

function written(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

test('whatever a label says, what is written is read back, and what stands behind is left', () => {
  fc.assert(
    fc.property(series, ({ name, labels }) => {
      const inside = Object.entries(labels).map(([label, value]) => `${label}="${written(value)}"`);
      const text = `${name}{${inside.join(',')}}`;

      assert.deepEqual(seriesAt(`${text} 1.5`), { series: { name, labels }, length: text.length });
      assert.equal(seriesAt(text.slice(0, -1)), null);
    }),
  );
});

test('spaces and a last comma are allowed, and a name may stand alone', () => {
  assert.deepEqual(seriesAt('up { a = "1" , b="2", } 3'), {
    series: { name: 'up', labels: { a: '1', b: '2' } },
    length: 'up { a = "1" , b="2", }'.length,
  });
  assert.deepEqual(seriesAt('up 1'), { series: { name: 'up', labels: {} }, length: 2 });
});

const broken = [
  ...['', '5xx', '{a="1"}', 'x{a=1}', 'x{a="1" b="2"}', 'x{a="1",,}', 'x{,}', "x{a='1'}"],
  ...['x{a="1",a="2"}', 'x{a="\\t"}', 'x{a="1', 'x{"a"="1"}', 'x{a!="1"}', 'x{a="\n"}'],
];

for (const text of broken) {
  test(`${JSON.stringify(text)} is no series`, () => {
    assert.equal(seriesAt(text), null);
  });
}
