import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { findTestFiles } from './find-test-files.ts';

function aTree(context: TestContext, paths: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'sf-find-'));
  context.after(() => {
    rmSync(root, { recursive: true, force: true });
  });
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
  return root;
}

test('light tests share a process, each heavy one has its own; what only computes may run beside', (context) => {
  const root = aTree(context, [
    'src/core/b.test.ts',
    'tools/a.test.ts',
    'test/crash/kill.test.ts',
    'test/e2e/demo.test.ts',
    'test/model/rollout.test.ts',
    'test/simulation/runs.test.ts',
    'src/core/b.ts',
  ]);

  assert.deepEqual(findTestFiles(root, []), {
    light: [['src/core/b.test.ts', 'tools/a.test.ts']],
    heavy: [['test/crash/kill.test.ts'], ['test/e2e/demo.test.ts']],
    computed: [['test/model/rollout.test.ts'], ['test/simulation/runs.test.ts']],
  });
});

test('tests of packages and of fetched releases are not ours', (context) => {
  const root = aTree(context, [
    'examples/x/node_modules/y/a.test.ts',
    'examples/registry/releases/1.0/a.test.ts',
    'examples/x/own.test.ts',
  ]);

  assert.deepEqual(findTestFiles(root, []).light, [['examples/x/own.test.ts']]);
});

test('filters are parts of paths; no match is no group', (context) => {
  const root = aTree(context, ['src/core/a.test.ts', 'src/edge/b.test.ts']);

  const found = { light: [['src/edge/b.test.ts']], heavy: [], computed: [] };
  assert.deepEqual(findTestFiles(root, ['edge', 'nothing']), found);
  assert.deepEqual(findTestFiles(root, ['nothing']), { light: [], heavy: [], computed: [] });
});
