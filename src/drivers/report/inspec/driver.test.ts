import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fact } from '../../../core/validation/fact.ts';
import { factsIn } from '../../contract-suites/facts-in.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { inspecReport } from './driver.ts';

const config = { level: 'note', controls: 1, notChecked: 0, waived: 0 } as const;
const reader = inspecReport.connect(config, { stateDirectory: '/nowhere' });

const passed = { status: 'passed', code_desc: 'File /tmp should be directory' };
const failed = { status: 'failed', code_desc: 'mail should be off', message: '\nexpected: off\n' };
const skipped = { status: 'skipped', code_desc: 'No-op', skip_message: 'in a container' };

function aControl(changes: object = {}): object {
  return { id: 'tmp-1', title: 'Temporary files', impact: 0.7, results: [passed], ...changes };
}

function aDocument(
  controls: readonly object[],
  changes: object = {},
  profile: object = {},
): string {
  const profiles = [{ name: 'hosts', controls, status: 'loaded', ...profile }];
  const frame = { platform: { name: 'debian' }, statistics: { duration: 1 }, version: '5.22.40' };
  return JSON.stringify({ ...frame, profiles, ...changes });
}

/** One control that has passed, and what is counted. */
function counting(controls: object): string {
  return aDocument([aControl()], { statistics: { duration: 1, controls } });
}

async function factsBesidesTool(text: string): Promise<readonly Fact[]> {
  return (await factsIn(reader, text)).filter(({ kind }) => kind !== 'tool');
}

async function outcomesIn(text: string): Promise<readonly (string | null)[][]> {
  return (await factsBesidesTool(text)).map((fact) =>
    fact.kind === 'control' ? [fact.outcome, fact.message] : [fact.kind, null],
  );
}

const none = {
  ...{ passed: 0, failed: 0, error: 0 },
  ...{ 'not-applicable': 0, 'not-checked': 0, waived: 0 },
};
const passing = aDocument([aControl()]);

describeReport('inspec', reader, {
  folder: import.meta.dirname,
  expected: {
    'inspec-1.49.2.json': {
      tool: { name: 'InSpec', version: '1.49.2' },
      controls: { ...none, passed: 3, failed: 1 },
      failedControls: { note: 0, low: 0, medium: 1, high: 0, critical: 0 },
    },
    'inspec-5.22.40.json': {
      tool: { name: 'InSpec', version: '5.22.40' },
      controls: { ...none, passed: 1, failed: 1, 'not-applicable': 1, 'not-checked': 1 },
      controlExamples: [
        {
          ...{ kind: 'control', id: 'SV-230222', level: 'medium', outcome: 'failed' },
          title:
            'RHEL 8 vendor packaged system security patches and updates must be installed and up to date.',
          message: 'expected `["libsemanage"].empty?` to be truthy, got false',
        },
      ],
    },
  },
  passing,
  broken: {
    'a document without profiles': aDocument([], { profiles: [] }),
    'a profile without controls': aDocument([]),
    'a profile that is for another platform': aDocument([], {}, { status: 'skipped' }),
    'a profile that has failed': aDocument([aControl()], {}, { status: 'failed' }),
    'a document that says nothing of its version': aDocument([aControl()], { version: undefined }),
    'a profile that was not run': aDocument([aControl({ results: undefined })]),
    'a control that fails': aDocument([aControl(), aControl({ id: 'b', results: [failed] })]),
    'one result of several that fails': aDocument([aControl({ results: [passed, failed] })]),
    'a control whose code breaks': aDocument([
      aControl({ results: [{ ...failed, backtrace: ['a.rb:1'] }] }),
    ]),
    'a control that is left out': aDocument([
      aControl(),
      aControl({ id: 'b', results: [skipped] }),
    ]),
    'controls that all do not apply': aDocument([aControl({ impact: 0, results: [skipped] })]),
    'controls that are all waived': aDocument([
      aControl({ results: [skipped], waiver_data: { skipped_due_to_waiver: true } }),
    ]),
    'a result that the format does not have': aDocument([
      aControl({ results: [{ status: 'ok' }] }),
    ]),
    'a control that one profile has twice, once without results': aDocument([
      ...[aControl(), aControl({ results: [] })],
    ]),
    'a list that is shorter than what it counts as failed': counting({ failed: { total: 8 } }),
    'a list that is shorter than what it counts as skipped': counting({ skipped: { total: 1 } }),
    'a list that is shorter than what it counts as passed': counting({ passed: { total: 2 } }),
    'a list that is shorter than what it counts': counting({ total: 2 }),
    'a count that is no number': counting({ failed: { total: '8' } }),
    'a control that does not say how bad it is': aDocument([aControl({ impact: 'high' })]),
    'the short form without titles and impacts':
      '{"version":"5.22.40","platform":{},"statistics":{},"controls":[{"id":"a","status":"passed"}]}',
  },
});

test('a control passes when all that it describes does, and says else what the first one found', async () => {
  const broken = { ...failed, message: 'undefined method', backtrace: ['a.rb:1'] };
  const text = aDocument(
    [[passed, passed], [passed, failed, skipped], [failed, broken], [passed, skipped], []].map(
      (results, at) => aControl({ id: `c${at}`, results }),
    ),
  );

  assert.deepEqual(await outcomesIn(text), [
    ['passed', null],
    ['failed', 'expected: off'],
    ['error', 'undefined method'],
    ['not-checked', 'in a container'],
    ['not-checked', 'it has no results'],
  ]);
});

test('a result that says that it is an error is one, also without a trace', async () => {
  const broken = { status: 'error', code_desc: 'no such file' };
  const text = aDocument([
    aControl({ id: 'a', results: [passed, broken] }),
    aControl({ id: 'b', results: [failed, { ...broken, backtrace: null }] }),
    aControl({ id: 'c', results: [{ ...failed, backtrace: [] }] }),
  ]);

  assert.deepEqual(await outcomesIn(text), [
    ['error', 'no such file'],
    ['error', 'no such file'],
    ['failed', 'expected: off'],
  ]);
});

test('counts that are as much as is listed leave a report as it is, whatever became of the controls', async () => {
  const waived = { results: [skipped], waiver_data: { skipped_due_to_waiver: true } };
  const controls = [{}, { results: [failed] }, { results: [skipped] }, waived].map((changes, at) =>
    aControl({ id: `c${at}`, ...changes }),
  );
  const counted = { total: 4, passed: { total: 1 }, failed: { total: 1 }, skipped: { total: 2 } };
  const text = aDocument(controls, { statistics: { controls: counted } });

  const outcomes = (await outcomesIn(text)).map(([outcome]) => outcome);
  assert.deepEqual(outcomes, ['passed', 'failed', 'not-checked', 'waived']);
  assert.deepEqual(await outcomesIn(counting({ passed: null, failed: {} })), [['passed', null]]);
});

test('how bad a control is says its impact', async () => {
  const impacts = [1, 0.9, 0.89, 0.7, 0.5, 0.4, 0.3, 0.01, 0];
  const text = aDocument(impacts.map((impact, at) => aControl({ id: `c${at}`, impact })));

  assert.deepEqual(
    (await factsBesidesTool(text)).map((fact) => fact.kind === 'control' && fact.level),
    ['critical', 'critical', 'high', 'high', 'medium', 'medium', 'low', 'low', 'note'],
  );
});

test('a waiver counts when the control was left out for it, and not when it is over or only a word', async () => {
  const waived = (results: readonly object[], waiver: object): object =>
    aControl({ id: JSON.stringify(waiver), results, waiver_data: waiver });
  const text = aDocument([
    waived([skipped], { skipped_due_to_waiver: true, justification: 'until the move' }),
    waived([skipped], { skipped_due_to_waiver: 'true', message: 'waived' }),
    waived([failed], { skipped_due_to_waiver: false, message: 'Waiver expired' }),
    waived([failed], { run: true, justification: 'we know' }),
  ]);

  assert.deepEqual(await outcomesIn(text), [
    ['waived', 'until the move'],
    ['waived', 'waived'],
    ['failed', 'expected: off'],
    ['failed', 'expected: off'],
  ]);
});

test('a control that a profile takes over from another counts once, where its results are', async () => {
  const base = { name: 'base', controls: [aControl(), aControl({ id: 'lost', results: [] })] };
  const overlay = { name: 'ours', controls: [aControl({ results: [] })], parent_profile: 'base' };
  const text = aDocument([], { profiles: [overlay, base] });

  assert.deepEqual(await outcomesIn(text), [
    ['passed', null],
    ['not-checked', 'it has no results'],
  ]);
});

test('of one that several profiles list without results the last counts, and once', async () => {
  const waived = { results: [], waiver_data: { skipped_due_to_waiver: true } };
  const profiles = [
    { name: 'ours', controls: [aControl({ results: [] }), aControl({ id: 'other' })] },
    { name: 'base', controls: [aControl(waived)] },
  ];

  assert.deepEqual(await outcomesIn(aDocument([], { profiles })), [
    ['passed', null],
    ['waived', null],
  ]);
});

test('a profile for another platform beside one that applies is told as what does not apply', async () => {
  const other = { name: 'windows', controls: [], status: 'skipped', skip_message: 'no windows' };
  const text = aDocument([], { profiles: [{ name: 'debian', controls: [aControl()] }, other] });

  assert.deepEqual(await outcomesIn(text), [
    ['passed', null],
    ['not-applicable', 'no windows'],
  ]);
});
