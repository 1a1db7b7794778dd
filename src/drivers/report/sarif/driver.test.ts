import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filePlace } from '../../../core/validation/found-place.ts';
import type { Finding } from '../../../core/validation/fact.ts';
import { factsOfKind } from '../../contract-suites/facts-in.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { sarifReport } from './driver.ts';

const config = { level: 'medium', max: 0, suppressed: 0, covered: 1 } as const;
const reader = sarifReport.connect(config, { stateDirectory: '/nowhere' });

interface RunChanges {
  readonly results?: readonly object[] | null;
  readonly driver?: object;
  readonly more?: object;
}

function aDocument({ results = [], driver = {}, more = {} }: RunChanges = {}): string {
  const tool = { driver: { name: 'lint', version: '1.0', ...driver } };
  const artifacts = [{ location: { uri: 'src/a.js' } }, { location: { uri: 'src/b.js' } }];
  // Results before the rules that say how bad they are: keys come in any order.
  const run = { ...(results && { results }), artifacts, tool, ...more };
  return JSON.stringify({ version: '2.1.0', runs: [run] });
}

function aResult(changes: object = {}): object {
  return {
    ...{ ruleId: 'no-eval', message: { text: 'eval is evil' }, level: 'error' },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { index: 1 },
          region: { startLine: 3, startColumn: 9 },
        },
      },
    ],
    ...changes,
  };
}

const findingsIn = (text: string): Promise<readonly Finding[]> =>
  factsOfKind(reader, text, 'finding');

describeReport('sarif', reader, {
  folder: import.meta.dirname,
  expected: {
    'biome-2.6.8.sarif': {
      tool: { name: 'Biome', version: null },
      // It never says what it looked at.
      covered: {},
      findings: { note: 0, low: 0, medium: 3, high: 7, critical: 0 },
    },
    'eslint-10.15.0.sarif': {
      tool: { name: 'ESLint', version: '10.15.0' },
      covered: { file: 3 },
      findings: { note: 0, low: 0, medium: 1, high: 5, critical: 0 },
      // One of the files is no JavaScript.
      incomplete: ['The tool says that its run has failed', 'Parsing error: Unexpected token ('],
    },
    'eslint-10.15.0-clean.sarif': {
      covered: { file: 1 },
      findings: { note: 0, low: 0, medium: 0, high: 0, critical: 0 },
      incomplete: [],
    },
    'oxlint-1.94.0.sarif': {
      tool: { name: 'oxlint', version: '1.94.0' },
      covered: { file: 2 },
      findings: { note: 0, low: 0, medium: 5, high: 2, critical: 0 },
    },
    'secretlint-12.0.0.sarif': {
      tool: { name: 'secretlint', version: '1.0.0' },
      covered: { file: 1 },
      findings: { note: 0, low: 0, medium: 0, high: 1, critical: 0 },
    },
    'secretlint-12.0.0-clean.sarif': {
      covered: { file: 0 },
      findings: { note: 0, low: 0, medium: 0, high: 0, critical: 0 },
    },
  },
  passing: aDocument(),
  broken: {
    'another version': aDocument().replace('2.1.0', '1.0.0'),
    'a document without runs': '{"version":"2.1.0","runs":[]}',
    'a run without results': aDocument({ results: null }),
    'a run on no files': aDocument({ more: { artifacts: [] } }),
    'a run that does not say on what': aDocument({ more: { artifacts: undefined } }),
    'a run that has failed': aDocument({ more: { invocations: [{ executionSuccessful: false }] } }),
    'a run with an error of its own': aDocument({
      more: {
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: [{ level: 'error', message: { text: 'out of memory' } }],
          },
        ],
      },
    }),
    'results that lie in another file': aDocument({
      more: { externalPropertyFileReferences: { results: [{ itemCount: 3 }] } },
    }),
    'invocations that lie in another file': aDocument({
      more: { externalPropertyFileReferences: { invocations: [{}] } },
    }),
    'rules that lie in another file': aDocument({
      more: { externalPropertyFileReferences: { driver: { location: { uri: 'a' } } } },
    }),
    'results that stand outside of its run': aDocument().replace(
      '{',
      '{"inlineExternalProperties":[{"results":[{}]}],',
    ),
    'a result without a message': aDocument({ results: [{ ruleId: 'a' }] }),
    'results that are no list':
      '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"a"}},"results":{}}]}',
  },
});

test('a finding says by which rule, how bad and where, by the list of artifacts too', async () => {
  assert.deepEqual(await findingsIn(aDocument({ results: [aResult()] })), [
    {
      ...{ kind: 'finding', rule: 'no-eval', level: 'high', message: 'eval is evil' },
      ...{ places: [filePlace('src/b.js', 3, 9)], isSuppressed: false },
    },
  ]);
});

test('a finding is at each of its places, also where one of them has no name', async () => {
  const at = (artifactLocation: object): object => ({ physicalLocation: { artifactLocation } });
  const locations = [
    at({ uri: 'src/b.js' }),
    at({ index: 0 }),
    at({ index: 7 }),
    at({ uri: './legacy//my%20bait.txt' }),
    { logicalLocations: [{ fullyQualifiedName: 'shop.pay' }] },
    {},
  ];
  const results = [aResult({ locations }), aResult({ locations: undefined })];

  assert.deepEqual(
    (await findingsIn(aDocument({ results }))).map(({ places }) => places.map(({ text }) => text)),
    [['src/b.js', 'src/a.js', '', 'legacy/my bait.txt', 'shop.pay', ''], []],
  );
});

test('how bad a result is says its rule where it does not itself, and the worse of that and of a security figure counts', async () => {
  const rules = [
    { id: 'noted', defaultConfiguration: { level: 'note' } },
    { id: 'plain' },
    { id: 'grave', properties: { 'security-severity': '9.8' } },
    { id: 'slight', properties: { 'security-severity': 2.1 } },
    {
      ...{ id: 'raised', properties: { 'security-severity': '2.1' } },
      defaultConfiguration: { level: 'error' },
    },
    { id: 'odd', properties: { 'security-severity': 'very' } },
  ];
  const results = [
    ...[0, 1, 2, 3].map((ruleIndex) => ({ ruleIndex, message: { text: '' } })),
    { ruleId: 'noted', message: { text: '' } },
    { ruleId: 'grave', level: 'note', message: { text: '' } },
    { ruleId: 'slight', level: 'error', message: { text: '' } },
    { ruleId: 'slight', level: 'note', message: { text: '' } },
    ...['raised', 'odd'].map((ruleId) => ({ ruleId, message: { text: '' } })),
    { ruleId: 'raised', level: 'note', message: { text: '' } },
    { ruleId: 'unknown', level: 'none', message: { text: '' } },
  ];

  const findings = await findingsIn(aDocument({ results, driver: { rules } }));

  assert.deepEqual(
    findings.map(({ rule, level }) => [rule, level]),
    [
      ['noted', 'note'],
      ['plain', 'medium'],
      ['grave', 'critical'],
      ['slight', 'low'],
      ['noted', 'note'],
      ['grave', 'critical'],
      ['slight', 'high'],
      ['slight', 'low'],
      ['raised', 'high'],
      ['odd', 'high'],
      ['raised', 'low'],
      ['unknown', 'note'],
    ],
  );
});

const named = (ruleId: string, ruleIndex?: number): object => ({
  ...{ ruleId, ruleIndex, message: { text: '' } },
});

const levelsIn = async (run: RunChanges): Promise<readonly (readonly [string, string])[]> =>
  (await findingsIn(aDocument(run))).map(({ rule, level }) => [rule, level]);

test('a place in the list of rules counts only for a result of the rule that stands there', async () => {
  const rules = [
    { id: 'style', defaultConfiguration: { level: 'note' } },
    { id: 'sqli', defaultConfiguration: { level: 'error' } },
    { id: 'sqli/raw', defaultConfiguration: { level: 'note' } },
  ];
  const results = [
    named('sqli', 0),
    named('style/quotes', 0),
    named('styles', 0),
    named('sqli/raw/1'),
    named('sqli/other', 7),
  ];

  assert.deepEqual(await levelsIn({ results, driver: { rules } }), [
    ['sqli', 'high'],
    ['style/quotes', 'note'],
    ['styles', 'medium'],
    ['sqli/raw/1', 'note'],
    ['sqli/other', 'high'],
  ]);
});

test('a place in the rules of an extension that is not said to be which means no rule of the tool', async () => {
  const rules = [{ id: 'style', defaultConfiguration: { level: 'note' } }];
  const rule = { index: 0, toolComponent: { name: 'an extension' } };

  const results = [{ rule, message: { text: '' } }];

  assert.deepEqual(await levelsIn({ results, driver: { rules } }), [['unnamed', 'medium']]);
});

test('of rules of one id all that is worse counts where nothing says which of them is meant', async () => {
  const rules = [
    { id: 'x', defaultConfiguration: { level: 'note' } },
    { id: 'figure', properties: { 'security-severity': '2.1' } },
    { id: 'y', defaultConfiguration: { level: 'note' } },
  ];
  const others = [
    { id: 'x', defaultConfiguration: { level: 'error' } },
    { id: 'figure', properties: { 'security-severity': '9.8' } },
    { id: 'y', properties: { 'security-severity': '5' } },
  ];
  const more = {
    tool: { driver: { name: 'a', rules }, extensions: [{ name: 'e', rules: others }] },
  };
  const by = (rule: object): object => ({ rule, message: { text: '' } });
  const results = [
    ...[named('x'), named('figure'), named('y'), named('x', 0)],
    by({ id: 'x', index: 0, toolComponent: { name: 'e' } }),
    by({ id: 'x/1', toolComponent: { index: 7 } }),
    by({ id: 'x', toolComponent: { index: 0 } }),
  ];

  const levels = (await levelsIn({ results, more })).map(([, level]) => level);

  assert.deepEqual(levels, ['high', 'critical', 'medium', 'note', 'high', 'high', 'high']);
});

test('a security figure is read in whatever way it is written, of a result too', async () => {
  const severities = ['9,8', 'CRITICAL', 'Low', 'odd', '-1', '0.0', '', 5];
  const rules = severities.map((severity, at) => ({
    ...{ id: `r${at}`, properties: { 'security-severity': severity } },
    defaultConfiguration: { level: 'note' },
  }));
  const ofRules = rules.map(({ id }) => named(id));
  const own = { ...named('other'), level: 'note', properties: { 'security-severity': '9.8' } };

  const levels = (await levelsIn({ results: [...ofRules, own], driver: { rules } })).map(
    ([, level]) => level,
  );

  assert.deepEqual(levels, [
    ...['critical', 'critical', 'low', 'high', 'high', 'note', 'note', 'medium', 'critical'],
  ]);
});

test('an id that is a thousand names long means no rule but its own', async () => {
  const long = `a${'/b'.repeat(1_000)}`;
  const rules = [
    { id: 'a', defaultConfiguration: { level: 'note' } },
    { id: `${long}/c`, defaultConfiguration: { level: 'error' } },
  ];

  const levels = (
    await levelsIn({ results: [named(long), named(`${long}/c`)], driver: { rules } })
  ).map(([, level]) => level);

  assert.deepEqual(levels, ['medium', 'high']);
});

test('a list of artifacts may be longer than the rest of a document', async () => {
  const artifacts = Array.from({ length: 34_000 }, (_, at) => ({
    location: { uri: `${'a'.repeat(1_000)}${at}` },
  }));

  const findings = await findingsIn(aDocument({ results: [aResult()], more: { artifacts } }));

  assert.deepEqual(
    findings.map(({ places }) => places[0]?.text.slice(-5)),
    ['a1:3:9'.slice(-5)],
  );
});

test('a run that takes a rule for worse than it is by itself is believed, and for milder it is not', async () => {
  const rules = [
    { id: 'raised', defaultConfiguration: { level: 'note' } },
    { id: 'lowered', defaultConfiguration: { level: 'error' } },
  ];
  const overrides = [
    { descriptor: { index: 0 }, configuration: { level: 'error' } },
    { descriptor: { id: 'lowered' }, configuration: { level: 'none' } },
    { descriptor: { id: 'unlisted' }, configuration: { level: 'error' } },
  ];
  const invocation = { executionSuccessful: true, ruleConfigurationOverrides: overrides };
  const results = [named('raised'), named('lowered', 1), named('unlisted'), named('other')];

  const levels = await levelsIn({
    ...{ results, driver: { rules }, more: { invocations: [invocation] } },
  });

  assert.deepEqual(levels, [
    ['raised', 'high'],
    ['lowered', 'high'],
    ['unlisted', 'high'],
    ['other', 'medium'],
  ]);
});

test('what is no fault is none, and what was put up with is told apart from what was refused', async () => {
  const results = [
    aResult({ kind: 'pass', level: 'none' }),
    aResult({ kind: 'notApplicable', level: undefined }),
    aResult({ baselineState: 'absent' }),
    aResult({ kind: 'open' }),
    aResult({ suppressions: [{ kind: 'inSource' }] }),
    aResult({ suppressions: [{ kind: 'external', status: 'rejected' }] }),
    aResult({ suppressions: [{ kind: 'external', status: 'underReview' }] }),
    aResult({ suppressions: [{ kind: 'inSource' }, { kind: 'external', status: 'rejected' }] }),
    aResult({ suppressions: [] }),
  ];

  const findings = await findingsIn(aDocument({ results }));

  assert.deepEqual(
    findings.map(({ isSuppressed }) => isSuppressed),
    [false, true, false, false, false, false],
  );
});

test('a result that says it is none, and how bad it is, is one', async () => {
  const kinds = ['pass', 'notApplicable', 'informational'];
  const results = kinds.map((kind) => aResult({ kind, level: 'error' }));

  assert.equal((await findingsIn(aDocument({ results }))).length, kinds.length);
});

test('a tool that was ended by a signal, or did not start, has not done its work', async () => {
  for (const said of [
    { exitSignalName: 'SIGKILL' },
    { processStartFailureMessage: 'no such file' },
  ]) {
    const more = { invocations: [{ executionSuccessful: true, ...said }] };
    const told = await factsOfKind(reader, aDocument({ more }), 'incomplete');

    assert.equal(told.length, 1, JSON.stringify(said));
  }
});
