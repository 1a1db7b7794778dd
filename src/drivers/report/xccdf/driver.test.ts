import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ControlResult } from '../../../core/validation/fact.ts';
import { factsOfKind } from '../../contract-suites/facts-in.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { xccdfReport } from './driver.ts';

const config = { level: 'note', controls: 1, notChecked: 0, waived: 0 } as const;
const reader = xccdfReport.connect(config, { stateDirectory: '/nowhere' });

function aResult(result: string, attributes = 'idref="a" severity="medium"'): string {
  return `<rule-result ${attributes}><result>${result}</result></rule-result>`;
}

function aDocument(results: string): string {
  return [
    '<?xml version="1.0"?><Benchmark xmlns="http://checklists.nist.gov/xccdf/1.2" id="hosts">',
    '<Group id="g"><Rule id="a"><title>Root has no mail</title></Rule></Group>',
    '<TestResult id="t" end-time="2026-11-28T12:00:00Z" test-system="cpe:/a:redhat:openscap:1.3.7">',
    `${results}</TestResult></Benchmark>`,
  ].join('');
}

const controlsIn = (text: string): Promise<readonly ControlResult[]> =>
  factsOfKind(reader, text, 'control');

const openscap = { name: 'openscap', version: '1.3.7' };
const none = {
  ...{ passed: 0, failed: 0, error: 0 },
  ...{ 'not-applicable': 0, 'not-checked': 0, waived: 0 },
};
const passing = aDocument(aResult('pass'));
const notApplicable = aDocument(aResult('notapplicable').repeat(44));

describeReport('xccdf', reader, {
  folder: import.meta.dirname,
  expected: {
    'openscap-1.3.7.xml': {
      tool: openscap,
      controls: { ...none, passed: 17, failed: 1, 'not-applicable': 26 },
      failedControls: { note: 0, low: 0, medium: 0, high: 1, critical: 0 },
    },
    'openscap-1.3.7-arf.xml': {
      tool: openscap,
      controls: { ...none, passed: 20, failed: 2, 'not-applicable': 28 },
      failedControls: { note: 0, low: 0, medium: 0, high: 2, critical: 0 },
    },
    // Of Debian 11 on a Debian 12: OpenSCAP ended with 0.
    'openscap-1.3.7-not-applicable.xml': {
      tool: openscap,
      controls: { ...none, 'not-applicable': 44 },
    },
    'openscap-1.3.7-arf-not-applicable.xml': {
      tool: openscap,
      controls: { ...none, 'not-applicable': 44 },
    },
    'openscap-1.3.7-xccdf-1.1.xml': {
      tool: openscap,
      controls: { ...none, passed: 1, failed: 1, 'not-checked': 2 },
      failedControls: { note: 0, low: 1, medium: 0, high: 0, critical: 0 },
      controlExamples: [
        {
          ...{ kind: 'control', id: 'shop-configured', title: 'The shop is configured' },
          ...{ level: 'low', outcome: 'failed', message: null },
        },
      ],
    },
  },
  passing,
  broken: {
    'content without results': aDocument('').replace(/<TestResult.*<\/TestResult>/, ''),
    'a run without results': aDocument(''),
    'a run that has not ended': passing.replace(/end-time="[^"]*" /, ''),
    'a run of which nothing applies': notApplicable,
    'a run of which nothing was selected': aDocument(aResult('notselected')),
    'a run that only tells something': aDocument(aResult('informational')),
    'a rule that fails': aDocument(aResult('pass') + aResult('fail')),
    'a rule that fails and says nothing of how bad that is': aDocument(
      aResult('pass') + aResult('fail', 'idref="a"'),
    ),
    'a rule that could not be checked': aDocument(aResult('pass') + aResult('error')),
    'a rule of which nothing is known': aDocument(aResult('pass') + aResult('unknown')),
    'a rule that nobody has checked': aDocument(aResult('pass') + aResult('notchecked')),
    'a result that the format does not have': aDocument(aResult('pass') + aResult('passed')),
    'a result that says nothing': aDocument(aResult('pass') + aResult('')),
    'a result of no rule': aDocument(aResult('pass') + aResult('pass', 'severity="low"')),
    'results in another document': passing.replaceAll('Benchmark', 'oval_results'),
    'results outside of a run': passing.replaceAll('TestResult', 'Tailoring'),
  },
});

test('each result is of its rule, by the title that it has', async () => {
  const text = aDocument(
    aResult('fail') + aResult('fixed', 'idref="b" severity="info"').replace('</rule-result>', ''),
  ).replace('</TestResult>', '<message severity="error">why</message></rule-result></TestResult>');

  assert.deepEqual(await controlsIn(text), [
    {
      ...{ kind: 'control', id: 'a', title: 'Root has no mail', level: 'medium' },
      ...{ outcome: 'failed', message: null },
    },
    {
      ...{ kind: 'control', id: 'b', title: 'b', level: 'note' },
      ...{ outcome: 'passed', message: null },
    },
  ]);
});

test('how bad a failure is says its severity, and one that says nothing is high', async () => {
  const words = ['info', 'low', 'medium', 'high', 'unknown', 'apocalyptic'];
  const text = aDocument(
    words.map((word) => aResult('fail', `idref="a" severity="${word}"`)).join(''),
  );

  assert.deepEqual(
    (await controlsIn(text)).map(({ level }) => level),
    ['note', 'low', 'medium', 'high', 'high', 'high'],
  );
});

test('results may be the whole document, with any prefix of their name space', async () => {
  const text =
    '<x:TestResult xmlns:x="http://checklists.nist.gov/xccdf/1.1" end-time="2026-11-28T12:00:00Z">' +
    '<x:rule-result idref="a"><x:result>error</x:result><x:message>no root</x:message></x:rule-result>' +
    '</x:TestResult>';

  assert.deepEqual(await controlsIn(text), [
    {
      ...{ kind: 'control', id: 'a', title: 'a', level: 'high' },
      ...{ outcome: 'error', message: 'no root' },
    },
  ]);
});
