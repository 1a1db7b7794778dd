import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigProblem } from './config-problem.ts';
import { renderProblems } from './render-problems.ts';

function aProblem(changes: Partial<ConfigProblem> = {}): ConfigProblem {
  return {
    code: 'key-unknown',
    message: 'unknown key "b"',
    file: 'surefoot.yaml',
    line: 2,
    column: 3,
    path: 'b',
    ...changes,
  };
}

test('a problem is shown with its line and a caret', () => {
  const rendered = renderProblems([aProblem({ suggestion: 'c' })], 'a: 1\r\n  b: 2\r\n');

  assert.equal(
    rendered,
    'surefoot.yaml:2:3: unknown key "b" (did you mean "c"?)\n   2 |   b: 2\n     |   ^\n',
  );
});

test('a problem of the whole file has no line', () => {
  const rendered = renderProblems([aProblem({ line: 0, column: 0, message: 'is empty' })], '');

  assert.equal(rendered, 'surefoot.yaml: is empty\n');
});

test('control characters of the file never reach the terminal', () => {
  const rendered = renderProblems(
    [aProblem({ line: 1, column: 4, message: 'unknown key "\u001b[31m"' })],
    '\u001b\tx: 1\n',
  );

  assert.doesNotMatch(rendered.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
  assert.equal(rendered.split('\n')[1], '   1 | \\u{1b}→x: 1');
  assert.equal(rendered.split('\n')[2]?.indexOf('^'), '   1 | \\u{1b}→x'.length);
});

test('a long line is cut around the place', () => {
  const line = `${'x'.repeat(500)}HERE${'y'.repeat(500)}`;

  const [, shown, caret] = renderProblems([aProblem({ line: 1, column: 501 })], line).split('\n');

  assert.ok(shown!.length < 140);
  assert.equal(shown!.slice(caret!.indexOf('^')).startsWith('HERE'), true);
});

test('no problem prints nothing', () => {
  assert.equal(renderProblems([], 'a: 1'), '');
});
