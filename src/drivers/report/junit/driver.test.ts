import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsOfKind } from '../../contract-suites/facts-in.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { junitReport } from './driver.ts';

const reader = junitReport.connect({ tests: 1, skipped: 0 }, { stateDirectory: '/nowhere' });

const passing =
  '<?xml version="1.0"?><testsuites><testsuite name="a" tests="2" failures="0"><testcase name="x"/><testcase name="y"/></testsuite></testsuites>';

describeReport('junit', reader, {
  folder: import.meta.dirname,
  expected: {
    'node-24.21.0.xml': {
      tests: { passed: 2, failed: 1, skipped: 2 },
      failedTests: [
        {
          ...{ kind: 'test', name: 'sums › fails <here> & there' },
          ...{ outcome: 'failed', message: '2 == 3' },
        },
      ],
    },
    'vitest-4.1.12.xml': {
      tests: { passed: 1, failed: 1, skipped: 1 },
      incomplete: [],
    },
  },
  passing,
  broken: {
    'a report without tests': '<testsuites/>',
    'a suite without tests': '<testsuite name="a" tests="0"/>',
    'tests that were all skipped':
      '<testsuite><testcase name="x"><skipped/></testcase></testsuite>',
    'one test that failed': passing.replace(
      '<testcase name="y"/>',
      '<testcase name="y"><failure/></testcase>',
    ),
    'one test with an error': passing.replace(
      '<testcase name="y"/>',
      '<testcase name="y"><error message="no database"/></testcase>',
    ),
    'a suite that could not be loaded': passing.replace(
      '</testsuites>',
      '<testsuite name="b" tests="1" errors="1"/></testsuites>',
    ),
    'a document type of its own': `<!DOCTYPE testsuites [<!ELEMENT testsuites ANY>]>${passing.replace(/^<\?xml.*?\?>/, '')}`,
    'an element that is not closed': passing.replace('</testsuite>', ''),
    'an entity that nobody has declared': passing
      .replace('name="x"', 'name="x"')
      .replace('</testsuites>', '&lol;</testsuites'),
  },
});

test('a suite may be the root, and suites stand in suites', async () => {
  const text =
    '<testsuite name="outer"><testsuite name="inner"><testcase name="x"/></testsuite></testsuite>';
  const tests = await factsOfKind(reader, text, 'test');

  assert.deepEqual(
    tests.map(({ name }) => name),
    ['inner › x'],
  );
});
