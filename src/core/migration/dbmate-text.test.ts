import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dbmateText } from './dbmate-text.ts';

function textOf(written: string): string {
  const part = dbmateText(written);
  assert.equal(part.kind, 'read');
  return part.text;
}

test('what takes a migration back is none of it, and each line keeps its number', () => {
  const text = textOf(
    '-- surefoot: contract\n\n-- migrate:up\nDROP TABLE a;\n\n-- migrate:down\nSELECT 1;',
  );

  assert.equal(text, '-- surefoot: contract\n\n-- migrate:up\nDROP TABLE a;\n\n');
});

test('a mark may have options, spaces and another end of line', () => {
  const options = (line: string) => {
    const part = dbmateText(`${line}\nSELECT 1;\r\n--migrate:down\r\nSELECT 2;`);
    return part.kind === 'read' && { isTransaction: part.isTransaction, text: part.text };
  };

  assert.deepEqual(options('--   migrate:up   foo:bar  transaction:false\r'), {
    isTransaction: false,
    text: '--   migrate:up   foo:bar  transaction:false\r\nSELECT 1;\r\n',
  });
  assert.deepEqual(options('-- migrate:up transaction:true'), {
    isTransaction: true,
    text: '-- migrate:up transaction:true\nSELECT 1;\r\n',
  });
});

const refused: readonly (readonly [string, RegExp])[] = [
  ['SELECT 1;', /no line `-- migrate:up`/],
  [' -- migrate:up\n-- migrate:down\n', /no line `-- migrate:up`/],
  ['-- migrate:upwards\n-- migrate:down\n', /no line `-- migrate:up`/],
  ['-- migrate:up\nSELECT 1;', /no line `-- migrate:down`/],
  ['-- migrate:up\n-- migrate:downs\n', /no line `-- migrate:down`/],
  ['-- migrate:down\n-- migrate:up\n', /Turn them round/],
  ['SELECT 1;\n-- migrate:up\n-- migrate:down\n', /statements before/],
  ['/* a */\n-- migrate:up\n-- migrate:down\n', /statements before/],
  ['-- migrate:up\n-- migrate:down\n-- migrate:up\n-- migrate:down\n', /Make a file of each/],
];

for (const [written, because] of refused) {
  test(`what dbmate would not run as it is meant is refused: ${JSON.stringify(written)}`, () => {
    const part = dbmateText(written);

    assert.equal(part.kind, 'wrong');
    assert.match(part.because, because);
  });
}

test('nothing behind the mark of the way back is ever run', () => {
  const line = fc.constantFrom(
    'SELECT 1;',
    '-- a',
    '',
    'x -- migrate:down',
    ' -- migrate:down',
    '$$',
  );
  fc.assert(
    fc.property(fc.array(line), fc.array(line), (up, down) => {
      const written = ['-- migrate:up', ...up, '-- migrate:down', 'DROP TABLE a;', ...down].join(
        '\n',
      );

      assert.doesNotMatch(textOf(written), /DROP/);
    }),
  );
});
