import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allFacts, someFacts } from '../../../test/support/config/project-facts-builder.ts';
import { nodePack } from './node-pack.ts';
import type { Offer } from './pack.ts';
import type { ProjectFacts } from './project-facts.ts';

const offered = (facts: ProjectFacts, name: string): Offer | undefined =>
  nodePack.offersFor(facts).find((offer) => offer.name === name);

const runOf = (facts: ProjectFacts, name: string): readonly string[] => {
  const offer = offered(facts, name);
  return offer?.kind === 'check' ? offer.check.run : [];
};

const howOf = (facts: ProjectFacts, name: string): string | null => {
  const offer = offered(facts, name);
  return offer?.kind === 'missing' ? offer.how : null;
};

test('a project that has everything gets a check by each of its tools', () => {
  assert.deepEqual(
    nodePack.offersFor(allFacts()).map(({ kind, name }) => `${kind} ${name}`),
    [
      ...['eslint', 'oxlint', 'biome', 'secretlint', 'npm-audit', 'sbom', 'retire'],
      ...['types', 'node-tests', 'vitest', 'jest', 'mocha', 'tap', 'coverage-run', 'coverage'],
    ].map((name) => `check ${name}`),
  );
});

test('a project that has nothing is told how to get a linter, scanners, a lock file and tests', () => {
  const offers = nodePack.offersFor(someFacts({ programs: ['npm'] }));

  assert.deepEqual(
    offers.map(({ kind, name }) => `${kind} ${name}`),
    [
      ...['missing eslint', 'missing secretlint', 'missing npm-audit', 'missing retire'],
      'missing node-tests',
    ],
  );
});

test('a folder without a package.json is no project for Node', () => {
  const offers = nodePack.offersFor({ ...allFacts(), package: null });

  assert.deepEqual(
    offers.map(({ kind }) => kind),
    ['missing'],
  );
});

test('what is declared and not there is installed by npm ci, what is not declared by its name', () => {
  const packages = ['eslint', '@microsoft/eslint-formatter-sarif'];
  const files = ['eslint.config.js'];

  assert.equal(howOf(someFacts({ declared: packages, files }), 'eslint'), 'npm ci');
  assert.equal(
    howOf(someFacts({ installed: ['eslint'], files }), 'eslint'),
    'npm install -D @microsoft/eslint-formatter-sarif',
  );
  assert.match(howOf(someFacts({ installed: packages }), 'eslint') ?? '', /eslint\.config\.js/);
});

test('a scanner for secrets is offered only with its rules', () => {
  const installed = ['secretlint', '@secretlint/secretlint-formatter-sarif'];

  assert.match(howOf(someFacts({ installed }), 'secretlint') ?? '', /secretlint --init/);
  assert.ok(runOf(someFacts({ installed, files: ['.secretlintrc.yml'] }), 'secretlint').length > 0);
});

test('npm audits what it has a lock file of, and the reader of another is named', () => {
  const programs = ['npm'];

  assert.deepEqual(runOf(someFacts({ programs, files: ['npm-shrinkwrap.json'] }), 'npm-audit'), [
    ...['npm', 'audit', '--json'],
  ]);
  assert.match(
    howOf(someFacts({ programs, files: ['yarn.lock'] }), 'npm-audit') ?? '',
    /yarn\.lock/,
  );
  assert.match(
    howOf(someFacts({ files: ['package-lock.json'] }), 'npm-audit') ?? '',
    /install npm/,
  );
});

test('a list of components is asked only of what has some, and of npm only where it gives one', () => {
  const declared = ['a'];
  const installed = ['@microsoft/eslint-formatter-sarif'];
  const npm = { programs: ['npm'], declared };

  assert.equal(offered(someFacts({ programs: ['npm'] }), 'sbom'), undefined);
  assert.equal(offered(someFacts({ declared }), 'sbom'), undefined);
  assert.equal(offered(someFacts(npm), 'sbom')?.kind, 'check');
  assert.match(howOf(someFacts({ ...npm, installed }), 'sbom') ?? '', /overrides\.jschardet/);
  const overridden = ['jschardet'];
  assert.equal(offered(someFacts({ ...npm, installed, overridden }), 'sbom')?.kind, 'check');
});

test('tests of Node are started as the project starts them, with a reporter of ours', () => {
  const test = 'eslint . && node --import tsx --test --test-reporter=spec test/';

  assert.deepEqual(runOf(someFacts({ scripts: { test } }), 'node-tests'), [
    ...['node', '--test-reporter=junit', '--test-reporter-destination={report}'],
    ...['--import', 'tsx', '--test', 'test/'],
  ]);
});

test('tests of Node that a shell starts are found by Node itself', () => {
  for (const test of ['NODE_ENV=test node --test', 'node --test "a b"']) {
    assert.equal(runOf(someFacts({ scripts: { test } }), 'node-tests').at(-1), '--test', test);
  }
  assert.equal(
    howOf(someFacts({ scripts: { test: 'node --testing' } }), 'node-tests') === null,
    false,
  );
});

test('Jest needs its reporter for JUnit', () => {
  assert.equal(howOf(someFacts({ installed: ['jest'] }), 'jest'), 'npm install -D jest-junit');
});

test('coverage is measured by what is there: of vitest, by c8, or by Node itself', () => {
  const scripts = { test: 'node --test' };
  const vitest = someFacts({ installed: ['vitest', '@vitest/coverage-v8'] });

  assert.ok(runOf(vitest, 'coverage-run').includes('--coverage'));
  assert.ok(runOf(someFacts({ scripts, installed: ['c8'] }), 'coverage-run')[0]?.endsWith('/c8'));
  assert.ok(runOf(someFacts({ scripts }), 'coverage').includes('--experimental-test-coverage'));
  assert.equal(offered(someFacts({ installed: ['c8', 'mocha'] }), 'coverage'), undefined);
});

test('what does not compile is not tested', () => {
  const facts = someFacts({ scripts: { test: 'node --test' }, installed: ['typescript'] });
  const needsOf = (offer: Offer | undefined) => offer?.kind === 'check' && offer.check.needs;

  assert.equal(needsOf(offered(facts, 'node-tests')), undefined);
  const typed = { ...facts, files: new Set(['tsconfig.json']) };
  assert.deepEqual(needsOf(offered(typed, 'node-tests')), ['types']);
});
