/** V4 of a project for Node: how much of it its tests reach. */
import { localProgram } from './local-program.ts';
import type { Offer } from './pack.ts';
import type { ProjectFacts } from './project-facts.ts';
import { nodeTestWords } from './node-tests.ts';

export const coveragePackages = ['c8', '@vitest/coverage-v8', '@vitest/coverage-istanbul'];

const REPORT = { driver: 'lcov', lines: '80%' } as const;
const ABOUT = [
  'Your own limits: lines, branches, functions; margin compares them with the stable release.',
];
/** Of these checks alone, so that no file of an earlier run lies there. */
const FOLDER = '.surefoot-coverage';

export function coverageOffers(facts: ProjectFacts): readonly Offer[] {
  const { installed } = facts;
  const words = nodeTestWords(facts);
  if (
    installed.has('vitest') &&
    coveragePackages.some((name) => name !== 'c8' && installed.has(name))
  ) {
    return inTwoSteps([
      ...[localProgram('vitest'), 'run', '--coverage', '--coverage.reporter=lcovonly'],
      `--coverage.reportsDirectory=${FOLDER}`,
    ]);
  }
  if (words === null) return [];
  if (installed.has('c8')) {
    return inTwoSteps([
      ...[localProgram('c8'), '--reporter=lcovonly', `--report-dir=${FOLDER}`, 'node', ...words],
    ]);
  }
  const run = [
    ...['node', '--experimental-test-coverage', '--test-reporter=lcov'],
    ...['--test-reporter-destination={report}', ...words],
  ];
  return [
    { kind: 'check', name: 'coverage', check: { about: ABOUT, row: 'V4', run, report: REPORT } },
  ];
}

/** For tools that take a folder and choose the name of the file themselves. */
function inTwoSteps(run: readonly string[]): readonly Offer[] {
  const measured = { about: ['Measures what the tests reach.'], run };
  const shown = {
    ...{ about: ABOUT, row: 'V4', run: ['cat', `${FOLDER}/lcov.info`], report: REPORT },
    needs: ['coverage-run'],
  };
  return [
    { kind: 'check', name: 'coverage-run', check: measured },
    { kind: 'check', name: 'coverage', check: shown },
  ];
}
