import assert from 'node:assert/strict';
import test from 'node:test';
import { factLines, tableLines } from './table.ts';

const table = {
  header: ['NAME', 'STATE'],
  rows: [
    ['web', 'ok'],
    ['mailer', ''],
  ],
};

test('columns stand below each other without blanks at the end', () => {
  assert.deepEqual(tableLines({ ...table, columns: 80 }), [
    'NAME    STATE',
    'web     ok',
    'mailer',
  ]);
});

test('what is too wide becomes a list of fields, without empty ones', () => {
  assert.deepEqual(tableLines({ ...table, columns: 12 }), [
    'name: web',
    'state: ok',
    '',
    'name: mailer',
    '',
  ]);
});

test('facts have their values below each other', () => {
  assert.deepEqual(
    factLines([
      ['a', '1'],
      ['long', '2'],
    ]),
    ['  a     1', '  long  2'],
  );
});
