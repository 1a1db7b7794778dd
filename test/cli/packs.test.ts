import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { parse } from 'yaml';
import { checkKeys } from '../../src/config/packs/check-mapping.ts';
import type { Offer } from '../../src/config/packs/pack.ts';
import { packs } from '../../src/config/packs/packs.ts';
import { validationLines } from '../../src/config/packs/render-validation.ts';
import { starterConfig } from '../../src/config/starter-config.ts';
import { allFacts } from '../support/config/project-facts-builder.ts';
import { runCommand, temporaryProject } from './run-command.ts';

const INIT = ['init', '--system', 'shop', '--service', 'web', '--command', 'node server.js'];

/** A project for Node, with packages that are no more than their names. */
function aNodeProject(
  t: TestContext,
  {
    installed = [],
    files = [],
    programs = [],
  }: {
    readonly installed?: readonly string[];
    readonly files?: readonly string[];
    readonly programs?: readonly string[];
  } = {},
): { readonly folder: string; readonly env: Readonly<Record<string, string>> } {
  const folder = temporaryProject(t);
  const json = { name: 'shop', scripts: { test: 'node --test' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(json));
  for (const name of files) writeFileSync(join(folder, name), '');
  for (const name of installed) {
    mkdirSync(join(folder, 'node_modules', name), { recursive: true });
    writeFileSync(join(folder, 'node_modules', name, 'package.json'), '{}');
  }
  mkdirSync(join(folder, 'programs'));
  for (const name of programs) {
    writeFileSync(join(folder, 'programs', name), '#!/bin/sh\n');
    chmodSync(join(folder, 'programs', name), 0o755);
  }
  return { folder, env: { PATH: join(folder, 'programs') } };
}

test('whatever a pack offers is valid as it is written', async (t) => {
  const offers = packs
    .flatMap((pack) => pack.offersFor(allFacts()))
    // Examples lack figures, not sense.
    .flatMap((offer): readonly Offer[] =>
      offer.kind === 'missing' ? [] : [{ ...offer, kind: 'check' }],
    );
  const folder = temporaryProject(t);
  const values = { system: 's', service: 'web', command: ['node'], port: 8080 };
  const config = starterConfig({ ...values, validation: validationLines(offers) });
  writeFileSync(join(folder, 'surefoot.yaml'), config);

  const { code, err } = await runCommand(['validate'], { cwd: folder });

  assert.equal(code, 0, err);
  assert.ok(offers.length >= 15);
});

test('init writes checks for what is there, and says how to get what is not', async (t) => {
  const { folder, env } = aNodeProject(t, {
    installed: ['eslint', '@microsoft/eslint-formatter-sarif', 'secretlint'],
    files: ['eslint.config.js'],
    programs: ['sslscan'],
  });

  const { code, err } = await runCommand(INIT, { cwd: folder, env });
  const valid = await runCommand(['validate'], { cwd: folder, env });

  assert.equal(code, 0, err);
  assert.equal(valid.code, 0, valid.err);
  const text = readFileSync(join(folder, 'surefoot.yaml'), 'utf8');
  const { services } = parse(text) as {
    services: { web: { validation: { source: string; checks: Record<string, unknown> } } };
  };
  assert.equal(services.web.validation.source, '.');
  assert.deepEqual(Object.keys(services.web.validation.checks), [
    'eslint',
    'node-tests',
    'coverage',
  ]);
  assert.match(text, /# secretlint is missing: npm install -D @secretlint\/\S+$/m);
  assert.match(text, /^ +# tls:$/m);
});

test('init in a folder without a project writes a section that is a comment', async (t) => {
  const folder = temporaryProject(t);
  const env = { PATH: folder };

  const { code, err } = await runCommand(INIT, { cwd: folder, env });
  const valid = await runCommand(['validate'], { cwd: folder, env });

  assert.deepEqual([code, valid.code], [0, 0], err + valid.err);
  const text = readFileSync(join(folder, 'surefoot.yaml'), 'utf8');
  assert.match(text, /^ {4}# validation:$/m);
  assert.match(text, /node is missing: there is no package\.json/);
});

test('a package.json that cannot be read is refused with the place, and nothing is written', async (t) => {
  const faults = {
    'package.json:3:19 is no JSON': '{\n "name": "x",\n "scripts": { "a" "b" }\n}',
    'package.json:1:13 is no JSON': '{"scripts": ',
    'package.json: scripts.a is not as npm has it': '{"scripts": {"a": 1}}',
    'package.json: it is not as npm has it': '[]',
  };
  for (const [says, text] of Object.entries(faults)) {
    const folder = temporaryProject(t);
    writeFileSync(join(folder, 'package.json'), text);

    const init = await runCommand(INIT, { cwd: folder });
    const listed = await runCommand(['packs'], { cwd: folder });

    assert.deepEqual([init.code, listed.code], [2, 2], says);
    assert.ok(init.err.includes(says), init.err);
    assert.ok(!existsSync(join(folder, 'surefoot.yaml')));
    assert.ok(!existsSync(join(folder, 'surefoot.schema.json')));
  }
});

test('packs lists what each pack has found', async (t) => {
  const { folder, env } = aNodeProject(t, { installed: ['oxlint'] });

  const { code, out } = await runCommand(['packs'], { cwd: folder, env });
  const { out: json } = await runCommand(['packs', '--json'], { cwd: folder, env });

  assert.equal(code, 0);
  assert.match(out, /^node +oxlint, node-tests, coverage +- +secretlint, npm-audit, retire$/m);
  assert.match(out, /^node: Linters, /m);
  const { packs: told } = JSON.parse(json) as { packs: readonly { id: string }[] };
  assert.deepEqual(
    told.map(({ id }) => id),
    ['node', 'web', 'debian-host', 'generic'],
  );
});

test('packs prints the checks of one to paste, and as data', async (t) => {
  const { folder, env } = aNodeProject(t, { installed: ['oxlint'] });

  const { out } = await runCommand(['packs', 'node'], { cwd: folder, env });
  const { out: json } = await runCommand(['packs', 'node', '--json'], { cwd: folder, env });

  const told = JSON.parse(json) as Record<'checks' | 'missing', Record<string, unknown>>;
  assert.deepEqual(parse(out), told.checks);
  assert.deepEqual(Object.keys(told.checks), ['oxlint', 'node-tests', 'coverage']);
  assert.deepEqual(Object.keys(told.missing), ['secretlint', 'npm-audit', 'retire']);
});

test('for a service they stand in its section, without those that it has', async (t) => {
  const { folder, env } = aNodeProject(t, { installed: ['oxlint'] });
  await runCommand(INIT, { cwd: folder, env });
  const path = join(folder, 'surefoot.yaml');
  writeFileSync(path, readFileSync(path, 'utf8').replace(/^ {8}oxlint:$/m, '        mine:'));

  const { out, err } = await runCommand(['packs', 'node', '--service', 'web'], {
    cwd: folder,
    env,
  });
  const other = await runCommand(['packs', 'node', '--service', 'wep'], { cwd: folder, env });

  const { services } = parse(out) as {
    services: { web: { validation: { checks: Record<string, unknown> } } };
  };
  assert.deepEqual(Object.keys(services.web.validation.checks), ['oxlint'], err);
  assert.equal(other.code, 2);
  assert.match(other.err, /declared are: web/);
});

test('a pack that does not exist is a usage error with what was probably meant', async (t) => {
  const { folder, env } = aNodeProject(t);

  const { code, err } = await runCommand(['packs', 'nodes'], { cwd: folder, env });
  const none = await runCommand(['packs', '--service', 'web'], { cwd: folder, env });

  assert.deepEqual([code, none.code], [2, 2]);
  assert.match(err, /Did you mean node\?/);
});

test('what init writes finds a failing test and a scanner that is dead', async (t) => {
  const { folder } = aNodeProject(t, { installed: ['oxlint'] });
  const env = { PATH: dirname(process.execPath) };
  const bin = join(folder, 'node_modules', '.bin');
  mkdirSync(bin);
  const clean = { version: '2.1.0', runs: [{ tool: { driver: { name: 'oxlint' } }, results: [] }] };
  writeFileSync(join(bin, 'oxlint'), `#!/bin/sh\necho '${JSON.stringify(clean)}'\n`);
  chmodSync(join(bin, 'oxlint'), 0o755);
  const cases = "import { test } from 'node:test';\ntest('works', () => {});\n";
  writeFileSync(
    join(folder, 'a.test.mjs'),
    `${cases}test('fails', () => { throw new Error('x'); });\n`,
  );
  await runCommand(INIT, { cwd: folder, env });

  const run = await runCommand(['check', '--json', 'oxlint', 'node-tests'], { cwd: folder, env });

  const { checks } = JSON.parse(run.out) as {
    checks: readonly { name: string; outcome: string; criteria: readonly { state: string }[] }[];
  };
  assert.deepEqual(
    checks.map(({ name, outcome }) => [name, outcome]),
    [
      ['oxlint', 'ERROR'],
      ['node-tests', 'FAIL'],
    ],
  );
});

test('a check that is told to programs holds its bait in one piece', () => {
  const secretlint = packs
    .flatMap((pack) => pack.offersFor(allFacts()))
    .find(({ name }) => name === 'secretlint');

  assert.ok(secretlint?.kind === 'check');
  const { plant = {} } = checkKeys(secretlint.check);
  assert.match(plant['surefoot-bait.txt'] ?? '', /^-----BEGIN [A-Z ]+-----\nMII\w+\n-----END/);
});
