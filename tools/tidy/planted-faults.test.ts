/** A rule is adopted when it has found a planted fault and has let the sound form pass. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { cycleRule } from './cycle-rule.ts';
import { documentRule } from './document-rule.ts';
import { driverRule } from './driver-rule.ts';
import { exportRule } from './export-rule.ts';
import { failureRule } from './failure-rule.ts';
import type { TidyRule } from './finding.ts';
import { layerRule } from './layer-rule.ts';
import { nameRule } from './name-rule.ts';
import { orphanRule } from './orphan-rule.ts';
import { sizeRule } from './size-rule.ts';
import { readSourceTree, sourceTreeOf } from './source-tree.ts';
import { textRule } from './text-rule.ts';

type Files = Readonly<Record<string, string>>;

function messagesOf(rule: TidyRule, files: Files): string[] {
  return rule(sourceTreeOf(new Map(Object.entries(files)))).map(({ message }) => message);
}

function imports(specifier: string): string {
  return `import { x } from '${specifier}';\n`;
}

function lines(count: number): string {
  return '  use();\n'.repeat(count);
}

/** In two parts, so that these lines are no findings themselves. */
const toDo = ['TO', 'DO'].join('');
const home = ['/ho', 'me'].join('');

const failureTable = `export const failures = { 'a-b': { summary: '' }, 'c-d': {} } as const satisfies object;`;

const faults: readonly [title: string, rule: TidyRule, files: Files, message: RegExp][] = [
  [
    'core imports the platform',
    layerRule,
    { 'src/core/plan/x.ts': imports('../../platform/clock.ts') },
    /src\/core must not import src\/platform\/clock\.ts: core decides only/,
  ],
  ['core imports Node', layerRule, { 'src/core/x.ts': imports('node:fs') }, /nothing from outside/],
  [
    'core imports a package',
    layerRule,
    { 'src/core/x.ts': imports('kysely') },
    /nothing from outside/,
  ],
  [
    'core takes chance along with hashing',
    layerRule,
    { 'src/core/x.ts': `import { createHash, randomUUID } from 'node:crypto';` },
    /nothing from outside core/,
  ],
  [
    'core takes all of a module along with hashing',
    layerRule,
    { 'src/core/x.ts': `import crypto, { createHash } from 'node:crypto';` },
    /nothing from outside core/,
  ],
  [
    'a test of core imports the engine',
    layerRule,
    { 'src/core/x.test.ts': imports('../engine/y.ts') },
    /Tests of core/,
  ],
  [
    'the store imports the engine',
    layerRule,
    { 'src/store/x.ts': imports('../engine/y.ts') },
    /src\/store must not/,
  ],
  [
    'the edge imports a driver',
    layerRule,
    { 'src/edge/x.ts': imports('../drivers/contract.ts') },
    /process of its own/,
  ],
  [
    'the CLI imports more of the API than its contract',
    layerRule,
    { 'src/cli/x.ts': imports('../api/server.ts') },
    /src\/cli must not/,
  ],
  [
    'a type import turns an arrow back',
    layerRule,
    { 'src/platform/x.ts': `import type { X } from '../engine/y.ts';` },
    /src\/platform must not/,
  ],
  [
    'a dynamic import turns an arrow back',
    layerRule,
    { 'src/platform/x.ts': `await import('../engine/y.ts');` },
    /src\/platform must not/,
  ],
  [
    'a driver imports another driver',
    layerRule,
    { 'src/drivers/probe/tcp/driver.ts': imports('../http/driver.ts') },
    /contract, core and platform only/,
  ],
  [
    "a driver's test imports another driver",
    layerRule,
    { 'src/drivers/probe/tcp/driver.test.ts': imports('../http/driver.ts') },
    /must not import another driver/,
  ],
  [
    'a driver imports a contract suite',
    layerRule,
    { 'src/drivers/probe/tcp/driver.ts': imports('../../contract-suites/probe.ts') },
    /contract, core and platform only/,
  ],
  [
    'the engine reads the registry',
    layerRule,
    { 'src/engine/x.ts': imports('../drivers/registry.ts') },
    /Only src\/main\.ts imports/,
  ],
  ['a second composition root', layerRule, { 'src/x.ts': imports('./core/y.ts') }, /no layer/],
  [
    'the dashboard imports the engine',
    layerRule,
    { 'web/x.ts': imports('../src/engine/y.ts') },
    /web imports src\/api\/contract only/,
  ],
  [
    'the load client imports what it is to test',
    layerRule,
    { 'tools/load/x.ts': imports('../../src/core/y.ts') },
    /shares no code/,
  ],
  [
    'an example imports Surefoot',
    layerRule,
    { 'examples/newsroom/x.ts': imports('../../src/core/y.ts') },
    /shares no code/,
  ],
  [
    'two files need each other',
    cycleRule,
    { 'src/core/a.ts': imports('./b.ts'), 'src/core/b.ts': imports('./a.ts') },
    /a\.ts → src\/core\/b\.ts → src\/core\/a\.ts/,
  ],
  ['a long file', sizeRule, { 'src/core/x.ts': lines(401) }, /401 lines/],
  ['a long test file', sizeRule, { 'src/core/x.test.ts': lines(401) }, /401 lines/],
  [
    'a long function',
    sizeRule,
    { 'src/core/x.ts': `export function x() {\n${lines(70)}}` },
    /72 lines of code/,
  ],
  [
    'a long arrow function',
    sizeRule,
    { 'src/core/x.ts': `const x = () => {\n${lines(70)}};` },
    /72 lines of code/,
  ],
  ['a file name in camel case', nameRule, { 'src/core/newPlan.ts': '' }, /kebab-case/],
  ['a file of leftovers', nameRule, { 'src/core/utils.ts': '' }, /"utils" says nothing/],
  ['a folder of leftovers', nameRule, { 'src/core/helpers/plan.ts': '' }, /"helpers" says nothing/],
  [
    'a file named after nothing in it',
    nameRule,
    { 'src/core/tunnel.ts': 'export function joinSockets() {}' },
    /Not named after one of its exports: joinSockets/,
  ],
  ['a default export', exportRule, { 'src/core/x.ts': 'export default 1;' }, /No default export/],
  [
    'a default export by name',
    exportRule,
    { 'src/core/x.ts': 'const x = 1; export { x as default };' },
    /No default export/,
  ],
  ['a barrel', exportRule, { 'src/core/x.ts': `export * from './y.ts';` }, /Only passes on/],
  ['state in a module', exportRule, { 'src/core/x.ts': 'let count = 0;' }, /No state in a module/],
  ['a file that nothing uses', orphanRule, { 'src/core/x.ts': '' }, /Nothing uses it/],
  ['test support that no test uses', orphanRule, { 'test/support/x.ts': '' }, /No test uses it/],
  [
    'a driver without its page and its test',
    driverRule,
    { 'src/drivers/probe/tcp/driver.ts': '' },
    /Every driver has a README\.md/,
  ],
  [
    'a driver that is not registered',
    driverRule,
    { 'src/drivers/probe/tcp/driver.ts': '', 'src/drivers/registry.ts': '' },
    /probe\/tcp is not in the registry/,
  ],
  [
    'a failure that is not documented',
    failureRule,
    { 'src/core/failures.ts': failureTable, 'docs/reference/failures.md': '## `a-b`\n' },
    /No heading for the failure `c-d`/,
  ],
  [
    'a documented failure that does not exist',
    failureRule,
    {
      'src/core/failures.ts': failureTable,
      'docs/reference/failures.md': '## `a-b`\n## `c-d`\n## `e-f`\n',
    },
    /There is no failure `e-f`/,
  ],
  [
    'a failure table that cannot be read',
    failureRule,
    { 'src/core/failures.ts': 'export const failures = build();' },
    /table of failures is not found/,
  ],
  ['work without an issue', textRule, { 'bin/x.mjs': `// ${toDo}: later` }, /issue number/],
  [
    'a path of one machine',
    textRule,
    { 'docs/x.md': `See ${home}/ann/surefoot.` },
    /is a path of one machine/,
  ],
  [
    'a file of the engine that does not say its part',
    textRule,
    { 'src/engine/x.ts': `${imports('./y.ts')}export const z = 1;` },
    /Begin with a comment/,
  ],
  [
    'a gap in the decisions',
    documentRule,
    { 'docs/decisions/0001-a.md': '', 'docs/decisions/0003-c.md': '' },
    /has the number 0002/,
  ],
  [
    'a number twice',
    documentRule,
    { 'docs/decisions/0001-a.md': '', 'docs/decisions/0001-b.md': '' },
    /0002/,
  ],
  ['a decision without a number', documentRule, { 'docs/decisions/a.md': '' }, /NNNN/],
  ['a change without its kind', documentRule, { 'changes/x.md': 'Better.\n' }, /Not in the form/],
  ['a dead link', documentRule, { 'docs/x.md': '[y](y.md)' }, /link to y\.md leads nowhere/],
  [
    'a dead link in a table of the README',
    documentRule,
    { 'README.md': '| kill -9 | `npm run crash` ([docs/x.md](docs/x.md)) |', 'docs/y.md': '' },
    /link to docs\/x\.md leads nowhere/,
  ],
  [
    'a link to a folder that is not there',
    documentRule,
    { 'README.md': '[reasons](docs/reasons/)', 'docs/decisions/0001-a.md': '' },
    /link to docs\/reasons\/ leads nowhere/,
  ],
];

for (const [title, rule, files, message] of faults) {
  test(`${rule.name} finds ${title}`, () => {
    const messages = messagesOf(rule, files);

    assert.ok(
      messages.some((each) => message.test(each)),
      `found only: ${messages.join('; ')}`,
    );
  });
}

const sound: readonly [title: string, rule: TidyRule, files: Files][] = [
  [
    'imports along the arrows',
    layerRule,
    {
      'src/core/x.ts': `${imports('./y.ts')}import { createHash } from 'node:crypto'; import { z } from 'zod'; import parse from 'spdx-expression-parse';`,
      'src/core/y.test.ts': imports('node:test') + imports('../../test/support/z.ts'),
      'src/engine/x.ts': imports('../drivers/contract.ts') + imports('../store/y.ts'),
      'src/cli/x.ts': imports('../api/contract/y.ts'),
      'src/drivers/probe/tcp/driver.ts': imports('../../contract.ts') + imports('./connect.ts'),
      'src/drivers/probe/tcp/driver.test.ts': imports('../../contract-suites/probe.ts'),
      'src/main.ts': imports('./drivers/registry.ts'),
      'src/drivers/registry.ts': imports('./probe/tcp/driver.ts'),
      'web/x.ts': imports('../src/api/contract/y.ts'),
      'examples/registry/x.ts': imports('../../tools/load/load-client.ts'),
    },
  ],
  [
    'types that refer to each other',
    cycleRule,
    {
      'src/core/a.ts': `import type { B } from './b.ts';`,
      'src/core/b.ts': `import { type A } from './a.ts';`,
    },
  ],
  [
    'a function of 70 lines, comments not counted',
    sizeRule,
    { 'src/core/x.ts': `export function x() {\n  // why\n\n${lines(68)}}\n` },
  ],
  [
    'names that share a word with an export',
    nameRule,
    {
      'src/core/ids.ts': 'export type PoolId = string;',
      'src/platform/durable-file.ts': 'export function writeDurably() {}',
      'src/store/migrations/0001-audit.ts': 'export const auditMigration = 1;',
      'src/edge/worker-main.ts': '',
      'tools/check.ts': '',
    },
  ],
  [
    'files that are started by name',
    orphanRule,
    {
      'package.json': '{ "scripts": { "bench": "node tools/bootstrap.mjs tools/bench/x.ts" } }',
      'tools/bench/x.ts': `new URL('../../src/edge/worker.ts', import.meta.url);`,
      'src/edge/worker.ts': imports('./y.ts'),
      'src/edge/y.ts': '',
      'eslint.config.js': imports('./tools/tidy/layers.ts'),
      'tools/tidy/layers.ts': '',
    },
  ],
  [
    'a whole driver',
    driverRule,
    {
      'src/drivers/probe/tcp/driver.ts': '',
      'src/drivers/probe/tcp/driver.test.ts': '',
      'src/drivers/probe/tcp/README.md': '',
      'src/drivers/registry.ts': imports('./probe/tcp/driver.ts'),
      'src/drivers/contract-suites/probe.ts': '',
      'src/drivers/probe/simulated/driver.ts': '',
      'src/drivers/probe/simulated/driver.test.ts': '',
      'src/drivers/probe/simulated/README.md': '',
    },
  ],
  [
    'openings of both kinds, and work with an issue',
    textRule,
    {
      'src/core/x.ts': '/** Decides. */\nexport const x = 1;',
      'src/core/y.ts': `${imports('./x.ts')}/** A thing. */\nexport const y = \`\${x}/home/z\`;`,
      'src/edge/z.ts': `// ${toDo} (#12): later`,
    },
  ],
  [
    'documents in their form',
    documentRule,
    {
      'docs/decisions/0001-a.md': '[b](0002-b.md) [c](https://example.org) [d](#e)',
      'docs/decisions/0002-b.md': '[folder](../guides) [same](../guides/) ![p](p.png)',
      'README.md': '[licence](LICENSE) [decision](docs/decisions/0001-a.md#why)',
      LICENSE: '',
      'docs/decisions/template.md': '',
      'docs/guides/x.md': '',
      'changes/a-b.md': '---\nkind: added\n---\n\nSomething new.\n',
      'changes/README.md': '',
    },
  ],
];

for (const [title, rule, files] of sound) {
  test(`${rule.name} lets pass ${title}`, () => {
    assert.deepEqual(messagesOf(rule, files), []);
  });
}

test('a tree is read from disk without what is not ours', (context) => {
  const root = mkdtempSync(join(tmpdir(), 'sf-tidy-'));
  context.after(() => {
    rmSync(root, { recursive: true, force: true });
  });
  for (const folder of ['src/core', 'node_modules/x', 'examples/registry/releases/1']) {
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, 'utils.ts'), 'export default 1;\n');
  }

  const tree = readSourceTree(root);

  assert.deepEqual([...tree.texts.keys()], ['src/core/utils.ts']);
  assert.equal(exportRule(tree).length, 1);
});
