import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseByteRange } from './byte-range.ts';

const cases = [
  [undefined, { kind: 'whole' }],
  ['bytes=0-9', { kind: 'part', first: 0, last: 9 }],
  ['bytes=0-0', { kind: 'part', first: 0, last: 0 }],
  ['bytes=90-', { kind: 'part', first: 90, last: 99 }],
  ['bytes=90-1000', { kind: 'part', first: 90, last: 99 }],
  ['bytes=-10', { kind: 'part', first: 90, last: 99 }],
  ['bytes=-1000', { kind: 'part', first: 0, last: 99 }],
  ['bytes=100-', { kind: 'unsatisfiable' }],
  ['bytes=-0', { kind: 'unsatisfiable' }],
  ['bytes=9-5', { kind: 'whole' }],
  ['bytes=-', { kind: 'whole' }],
  ['bytes=0-1,4-5', { kind: 'whole' }],
  ['items=0-1', { kind: 'whole' }],
] as const;

for (const [header, expected] of cases) {
  test(`of 100 bytes, "${header ?? 'no header'}" asks for ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(parseByteRange(header, 100), expected);
  });
}
