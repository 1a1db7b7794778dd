/** Lints planted faults with the real configuration, so that no rule falls silent unseen. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { ESLint } from 'eslint';

const repository = dirname(import.meta.dirname);

const faults: readonly [path: string, text: string, rule: string][] = [
  ['src/edge/floating.ts', 'void later;\nlater();', '@typescript-eslint/no-floating-promises'],
  ['src/edge/misused.ts', '[1].forEach(later);', '@typescript-eslint/no-misused-promises'],
  [
    'src/edge/exhaustive.ts',
    `export function f(x: 'a' | 'b'): number { switch (x) { case 'a': return 1; } return 2; }`,
    '@typescript-eslint/switch-exhaustiveness-check',
  ],
  [
    'src/engine/passed-over.ts',
    `export function f(x: 'a' | 'b'): number { switch (x) { case 'a': return 1; default: return 2; } }`,
    '@typescript-eslint/switch-exhaustiveness-check',
  ],
  ['src/edge/any.ts', 'export const x: any = 1;', '@typescript-eslint/no-explicit-any'],
  ['src/edge/empty.ts', 'try { void later(); } catch {}', 'no-empty'],
  ['src/edge/printed.ts', `console.log('x');`, 'no-console'],
  ['src/edge/default.ts', 'export default 1;', 'no-restricted-syntax'],
  ['src/edge/state.ts', 'let x = 1; export const f = (): number => x++;', 'no-restricted-syntax'],
  ['src/edge/long-file.ts', '//\n'.repeat(401), 'max-lines'],
  [
    'src/edge/long-function.ts',
    `export function f(): void {\n${'void later();\n'.repeat(70)}}`,
    'max-lines-per-function',
  ],
  ['src/core/clock.ts', 'export const now = Date.now();', 'no-restricted-globals'],
  ['src/core/timer.ts', 'setTimeout(later, 1);', 'no-restricted-globals'],
  ['src/core/chance.ts', 'export const x = Math.random();', 'no-restricted-properties'],
  ['src/core/async.ts', 'export async function f() {}', 'no-restricted-syntax'],
  ['src/core/files.ts', `import 'node:fs';`, '@typescript-eslint/no-restricted-imports'],
  ['src/core/up.ts', `import '../engine/x.ts';`, '@typescript-eslint/no-restricted-imports'],
  [
    'src/edge/driver.ts',
    `import '../drivers/contract.ts';`,
    '@typescript-eslint/no-restricted-imports',
  ],
  [
    'src/engine/all.ts',
    `import '../drivers/registry.ts';`,
    '@typescript-eslint/no-restricted-imports',
  ],
  [
    'src/drivers/probe/tcp/driver.ts',
    `import '../http/driver.ts';`,
    '@typescript-eslint/no-restricted-imports',
  ],
];

const allowed: readonly [path: string, text: string][] = [
  ['src/edge/number.ts', 'export const text = `${repository.length} bytes`;'],
  ['src/edge/detached.ts', 'void later();'],
  ['src/edge/x.test.ts', `import { test } from 'node:test';\ntest('x', later);`],
  ['src/cli/printed.ts', `console.log('x');`],
  ['src/drivers/probe/udp/driver.ts', `import '../../contract.ts';\nimport '../../../core/x.ts';`],
];

const preamble = `const repository = 'x';
async function later(): Promise<void> { await Promise.resolve(repository); }
export const uses = { later };
`;

test('every rule finds its planted fault and lets the sound form pass', async (context) => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'sf-lint-')));
  context.after(() => {
    rmSync(root, { recursive: true, force: true });
  });
  cpSync(join(repository, 'tsconfig.json'), join(root, 'tsconfig.json'));
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  for (const [path, text] of [...faults, ...allowed]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    // Core may have no async function, so its faults stand alone.
    const isAlone = path.startsWith('src/core/');
    writeFileSync(join(root, path), isAlone ? text : preamble + text);
  }
  const eslint = new ESLint({
    cwd: root,
    overrideConfigFile: join(repository, 'eslint.config.js'),
  });

  const results = await eslint.lintFiles(['src']);

  const found = new Map(
    results.map(({ filePath, messages }) => [
      filePath.slice(root.length + 1),
      messages.map(({ ruleId, message }) => ruleId ?? message),
    ]),
  );
  for (const [path, , rule] of faults) {
    assert.ok(found.get(path)?.includes(rule), `${path}: ${String(found.get(path))}`);
  }
  for (const [path] of allowed) assert.deepEqual(found.get(path), [], path);
});
