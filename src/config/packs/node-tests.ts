/** V5 of a project for Node, by the runner that it has. */
import { isDeclared, localProgram, missing, missingPackages } from './local-program.ts';
import type { Offer, PackCheck } from './pack.ts';
import type { ProjectFacts } from './project-facts.ts';
import { scriptWords } from './script-words.ts';

export const testPackages = ['vitest', 'jest', 'jest-junit', 'mocha', 'tap', 'typescript'];

export function testOffers(facts: ProjectFacts): readonly Offer[] {
  const types = typeOffers(facts);
  const runners = [nodeTests, vitest, jest, mocha, tap].flatMap((offer) => offer(facts) ?? []);
  const none = missing('node-tests', 'write tests for node --test, and a script that runs them');
  return [...types, ...(runners.length > 0 ? runners.map((each) => behind(each, types)) : [none])];
}

/** What does not even compile needs no tests. */
function behind(offer: Offer, before: readonly Offer[]): Offer {
  if (offer.kind !== 'check') return offer;
  const needs = before.filter(({ kind }) => kind === 'check').map(({ name }) => name);
  return needs.length === 0 ? offer : { ...offer, check: { ...offer.check, needs } };
}

function typeOffers(facts: ProjectFacts): readonly Offer[] {
  if (!facts.files.has('tsconfig.json') || !isDeclared(facts, 'typescript')) return [];
  const how = missingPackages(facts, ['typescript']);
  if (how !== null) return [missing('types', how)];
  const about = [
    'Writes no report: it fulfils no line of the protocol, and goes before the tests.',
  ];
  const run = [localProgram('tsc'), '--noEmit', '--project', '.'];
  return [{ kind: 'check', name: 'types', check: { about, run } }];
}

/** Of the runner of Node itself; null when nothing starts that. */
export function nodeTestWords({ package: declaring }: ProjectFacts): readonly string[] | null {
  const scripts = declaring?.scripts ?? {};
  const words = scriptWords(
    scripts,
    ([first, ...others]) => first === 'node' && others.includes('--test'),
  );
  if (words) return words.slice(1).filter((word) => !word.startsWith('--test-reporter'));
  const isUsed = Object.values(scripts).some((text) => /\bnode\b.*\s--test(?:\s|$)/.test(text));
  return isUsed ? ['--test'] : null;
}

function nodeTests(facts: ProjectFacts): Offer | null {
  const words = nodeTestWords(facts);
  if (words === null) return null;
  const reporter = ['--test-reporter=junit', '--test-reporter-destination={report}'];
  return { kind: 'check', name: 'node-tests', check: tested(['node', ...reporter, ...words]) };
}

function vitest(facts: ProjectFacts): Offer | null {
  if (!isDeclared(facts, 'vitest')) return null;
  const how = missingPackages(facts, ['vitest']);
  if (how !== null) return missing('vitest', how);
  const run = [localProgram('vitest'), 'run', '--reporter=junit', '--outputFile={report}'];
  return { kind: 'check', name: 'vitest', check: tested(run) };
}

function jest(facts: ProjectFacts): Offer | null {
  if (!isDeclared(facts, 'jest')) return null;
  const how = missingPackages(facts, ['jest', 'jest-junit']);
  if (how !== null) return missing('jest', how);
  const run = [
    ...['env', 'JEST_JUNIT_OUTPUT_FILE={report}'],
    ...[localProgram('jest'), '--ci', '--reporters=jest-junit'],
  ];
  return { kind: 'check', name: 'jest', check: tested(run) };
}

function mocha(facts: ProjectFacts): Offer | null {
  if (!isDeclared(facts, 'mocha')) return null;
  const how = missingPackages(facts, ['mocha']);
  if (how !== null) return missing('mocha', how);
  const words = scriptWords(facts.package?.scripts ?? {}, ([first]) => first === 'mocha') ?? [];
  const run = [
    ...[localProgram('mocha'), ...words.slice(1)],
    ...['--reporter', 'xunit', '--reporter-option', 'output={report}'],
  ];
  return { kind: 'check', name: 'mocha', check: tested(run) };
}

function tap(facts: ProjectFacts): Offer | null {
  if (!isDeclared(facts, 'tap')) return null;
  const how = missingPackages(facts, ['tap']);
  if (how !== null) return missing('tap', how);
  const run = [localProgram('tap'), 'run', '--reporter=tap', '--disable-coverage'];
  return {
    kind: 'check',
    name: 'tap',
    check: { ...tested(run), report: { driver: 'tap', tests: 1, skipped: 0 } },
  };
}

function tested(run: readonly string[]): PackCheck {
  return {
    about: ['Say by tests how many there are at least: what was never loaded fails nowhere.'],
    row: 'V5',
    run,
    report: { driver: 'junit', tests: 1, skipped: 0 },
  };
}
