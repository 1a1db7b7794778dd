import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filePlace } from '../../../core/validation/found-place.ts';
import { factsOfKind } from '../../contract-suites/facts-in.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { checkstyleReport } from './driver.ts';

const config = { level: 'medium', max: 0, suppressed: 0, covered: 1 } as const;
const reader = checkstyleReport.connect(config, { stateDirectory: '/nowhere' });

const passing =
  '<checkstyle version="4.3"><file name="a.js"><error line="1" severity="info" message="m" source="s"/></file></checkstyle>';

describeReport('checkstyle', reader, {
  folder: import.meta.dirname,
  expected: {
    'eslint-10.15.0.xml': {
      covered: { file: 2 },
      findings: { note: 0, low: 0, medium: 1, high: 5, critical: 0 },
    },
    'oxlint-1.94.0.xml': {
      covered: { file: 2 },
      findings: { note: 0, low: 0, medium: 5, high: 2, critical: 0 },
    },
    'shellcheck-0.9.0.xml': {
      covered: { file: 1 },
      findings: { note: 2, low: 0, medium: 0, high: 1, critical: 0 },
    },
  },
  passing,
  broken: {
    'one error': passing.replace('"info"', '"error"'),
    'a warning': passing.replace('"info"', '"warning"'),
    'an error that does not say how bad it is': passing.replace(' severity="info"', ''),
    'a severity that nobody knows': passing.replace('"info"', '"blocker"'),
    'a file that could not be read': passing.replace(
      '<error ',
      '<exception>no such class</exception><error ',
    ),
    'no files at all': '<checkstyle version="4.3"/>',
    'an element that is not closed': passing.replace('</file>', ''),
    'a JUnit report':
      '<testsuites><testsuite name="a"><testcase name="x"/></testsuite></testsuites>',
  },
});

test('a finding says by which rule and where, and its words are read as they were meant', async () => {
  const text =
    '<checkstyle><file name="a.js"><error line="3" column="9" severity="warning" message="use ./&#42;glob&#x2a; &amp; more" source="SC1"/><error severity="ignore" message="m"/></file></checkstyle>';
  const findings = await factsOfKind(reader, text, 'finding');

  assert.deepEqual(findings, [
    {
      ...{ kind: 'finding', rule: 'SC1', level: 'medium', message: 'use ./*glob* & more' },
      ...{ places: [filePlace('a.js', '3', '9')], isSuppressed: false },
    },
    {
      ...{ kind: 'finding', rule: 'unnamed', level: 'note', message: 'm' },
      ...{ places: [filePlace('a.js')], isSuppressed: true },
    },
  ]);
});
