import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fact } from '../../../core/validation/fact.ts';
import { factsOfKind } from '../../contract-suites/facts-in.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { lynisReport } from './driver.ts';

const config = { level: 'note', controls: 1, notChecked: 0, waived: 0 } as const;
const reader = lynisReport.connect(config, { stateDirectory: '/nowhere' });

function aReport(...events: readonly string[]): string {
  return [
    ...['# Lynis Report', 'report_version_major=1', 'lynis_version=3.0.8', ...events],
    ...['lynis_tests_done=2', 'tests_executed=AUTH-9208|KRNL-5622|', 'tests_skipped=SSH-7440|'],
    ...['finish=true', ''],
  ].join('\n');
}

const controlsIn = (text: string): Promise<readonly Fact[]> => factsOfKind(reader, text, 'control');

const passing = aReport();
const none = {
  ...{ passed: 0, failed: 0, error: 0 },
  ...{ 'not-applicable': 0, 'not-checked': 0, waived: 0 },
};

describeReport('lynis', reader, {
  folder: import.meta.dirname,
  expected: {
    'lynis-3.0.8.dat': {
      tool: { name: 'lynis', version: '3.0.8' },
      controls: { ...none, passed: 194, failed: 40, error: 2, 'not-applicable': 218 },
      failedControls: { note: 0, low: 38, medium: 2, high: 0, critical: 0 },
    },
    'lynis-3.0.8-some.dat': {
      tool: { name: 'lynis', version: '3.0.8' },
      controls: { ...none, passed: 4, failed: 2, 'not-applicable': 448 },
      failedControls: { note: 0, low: 2, medium: 0, high: 0, critical: 0 },
    },
  },
  passing,
  broken: {
    'a run that was killed': passing.slice(0, passing.indexOf('lynis_tests_done')),
    'a run that was killed before its last word': passing.replace('finish=true\n', ''),
    'a run that says it is not finished': passing.replace('finish=true', 'finish=false'),
    'a run of no tests': passing
      .replace('AUTH-9208|KRNL-5622|', '')
      .replace('tests_done=2', 'tests_done=0'),
    'a run whose tests are fewer than it tells': passing.replace('KRNL-5622|', ''),
    'a run whose tests are more than it tells': passing.replace('tests_done=2', 'tests_done=1'),
    'a run that does not tell its tests': passing.replace(/tests_executed=.*\n/, ''),
    'a run that does not tell what it skipped': passing.replace(/tests_skipped=.*\n/, ''),
    'a warning': aReport('warning[]=KRNL-5622|No runlevel|-|-|'),
    'a suggestion': aReport('suggestion[]=KRNL-5622|Set a runlevel|-|-|'),
    'a warning of no test that is named': aReport('warning[]=CUST-0001|No runlevel|-|-|'),
    'a test that broke': aReport('exception_event[]=KRNL-5622:001|Unknown service manager|'),
    'a line without a value': aReport('Segmentation fault'),
    'the log in place of the report': '2026-11-28 16:19:45 Starting Lynis 3.0.8\nfinish=true\n',
    'a report without its head': passing.replace('# Lynis Report\n', ''),
  },
});

test('each test is one control, as bad as the worst that it found', async () => {
  const text = aReport(
    'suggestion[]=KRNL-5622|Set a runlevel|-|-|',
    'warning[]=KRNL-5622|No runlevel|-|text:Set one|',
    'suggestion[]=KRNL-5622|Set it well|-|-|',
    'exception_event[]=AUTH-9208:03|No users|',
    'warning[]=AUTH-9208|No root|-|-|',
    'warning[]=CUST-0001||-|-|',
  ).replace('tests_skipped=', 'tests_skipped=AUTH-9208|');

  assert.deepEqual(
    (await controlsIn(text)).map(
      (fact) => fact.kind === 'control' && [fact.id, fact.outcome, fact.level, fact.message],
    ),
    [
      ['AUTH-9208', 'error', 'medium', 'No users'],
      ['KRNL-5622', 'failed', 'medium', 'No runlevel'],
      ['CUST-0001', 'failed', 'medium', null],
      ['SSH-7440', 'not-applicable', 'medium', 'it did not run'],
    ],
  );
});
