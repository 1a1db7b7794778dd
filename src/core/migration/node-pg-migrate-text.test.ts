import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodePgMigrateText } from './node-pg-migrate-text.ts';

const written: readonly (readonly [string, string, string])[] = [
  ['all of a file without marks', 'SELECT 1;\n', 'SELECT 1;\n'],
  ['what is below the mark', '-- Up Migration\nSELECT 1;\n', '-- Up Migration\nSELECT 1;\n'],
  [
    'not what takes it back',
    '-- surefoot: contract\n-- Up Migration\nSELECT 1;\n-- Down Migration\nSELECT 2;',
    '-- surefoot: contract\n-- Up Migration\nSELECT 1;\n',
  ],
  [
    'what is below the mark, with what takes it back above',
    '-- Down Migration\nSELECT 2;\n-- Up Migration\nSELECT 1;\n',
    '\n\n-- Up Migration\nSELECT 1;\n',
  ],
  [
    'marks in other letters',
    '  ---- UP   migration of orders\nSELECT 1;\n--down migration\nSELECT 2;',
    '  ---- UP   migration of orders\nSELECT 1;\n',
  ],
];

for (const [what, file, run] of written) {
  test(`of a file of node-pg-migrate is run ${what}`, () => {
    assert.deepEqual(nodePgMigrateText(file), { kind: 'read', text: run, isTransaction: true });
  });
}

test('what node-pg-migrate would run otherwise than it looks is refused', () => {
  const because = (file: string): string => {
    const part = nodePgMigrateText(file);
    return part.kind === 'wrong' ? part.because : part.text;
  };

  assert.match(because('SELECT 1;\n-- Down Migration\nSELECT 2;'), /would run all of it/);
  assert.match(because('SELECT 1;\n-- Up Migration\nSELECT 2;'), /leaves out/);
});
