import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scriptMarks } from './script-marks.ts';

test('what the author says in a comment of any language is said as in SQL', () => {
  for (const line of [
    '// surefoot: expand because it only adds',
    '# surefoot: expand because it only adds',
    '  * surefoot: expand because it only adds',
    '/* surefoot: expand because it only adds */',
    '-- surefoot: expand because it only adds',
  ]) {
    assert.deepEqual(scriptMarks(`#!/bin/sh\n\n${line}\ncode();`), [
      '-- surefoot: expand because it only adds',
    ]);
  }
});

test('below the head only what speaks against a migration counts', () => {
  const text = "code('\n// surefoot: expand because it is text\n');\n// surefoot: contract\n";

  assert.deepEqual(scriptMarks(text), ['-- surefoot: contract']);
});
