import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packagePlaces } from '../../../core/validation/package-places.ts';
import type { Finding } from '../../../core/validation/fact.ts';
import { aReportSource, factsIn } from '../../contract-suites/facts-in.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { cyclonedxReport, outlineOf } from './driver.ts';

const reader = cyclonedxReport.connect(
  {
    components: 1,
    licences: { allow: ['MIT', 'ISC'], unknown: 0 },
    vulnerabilities: { level: 'medium', max: 0, suppressed: 0 },
  },
  { stateDirectory: '/nowhere' },
);

const NONE = { note: 0, low: 0, medium: 0, high: 0, critical: 0 };

function aComponent(changes: object = {}): object {
  return {
    ...{ 'bom-ref': 'a', type: 'library', name: 'lodash', version: '4.17.15' },
    ...{ licenses: [{ license: { id: 'MIT' } }], purl: 'pkg:npm/lodash@4.17.15' },
    ...changes,
  };
}

function aVulnerability(changes: object = {}): object {
  return {
    ...{ id: 'CVE-2021-23337', ratings: [{ severity: 'low' }], affects: [{ ref: 'a' }] },
    ...changes,
  };
}

interface DocumentChanges {
  readonly components?: unknown;
  readonly vulnerabilities?: unknown;
  readonly more?: object;
}

/** Vulnerabilities before the components that have them: keys come in any order. */
function aDocument({ more = {}, ...changes }: DocumentChanges = {}): string {
  const { components = [aComponent()], vulnerabilities = [aVulnerability()] } = changes;
  return JSON.stringify({
    ...{ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, vulnerabilities, components },
    ...more,
  });
}

async function read(text: string) {
  const facts = await factsIn(reader, text);
  return {
    components: facts.filter((fact) => fact.kind === 'component'),
    findings: facts.filter((fact) => fact.kind === 'finding'),
  };
}

async function findingsOf(...vulnerabilities: readonly object[]): Promise<readonly Finding[]> {
  return (await read(aDocument({ vulnerabilities }))).findings;
}

describeReport('cyclonedx', reader, {
  folder: import.meta.dirname,
  expected: {
    'cdxgen-12.8.4.json': {
      ...{ tool: { name: 'cdxgen', version: '12.8.4' }, components: 7 },
      ...{ covered: {}, findings: NONE, incomplete: [] },
    },
    // It says low of one that has a figure of 8.2.
    'grype-0.100.0.json': {
      ...{ tool: { name: 'grype', version: '[not provided]' }, components: 2 },
      ...{ covered: { package: 2 }, findings: { ...NONE, high: 1, critical: 1 } },
    },
    'npm-11.19.1.json': {
      ...{ tool: { name: 'npm cli', version: '11.19.1' }, components: 7 },
      ...{ covered: {}, findings: NONE },
    },
    // It has found the same two, and does not say what is wrong with them.
    'retire-5.7.0.json': {
      ...{ tool: { name: 'retire', version: '5.7.0' }, components: 2 },
      ...{ covered: {}, findings: NONE },
    },
    'retire-5.7.0-vex.json': {
      ...{ tool: { name: 'retire', version: '5.7.0' }, components: 2 },
      ...{ covered: { package: 2 }, findings: { ...NONE, medium: 4, high: 2 } },
    },
    'syft-1.57.1.json': {
      ...{ tool: { name: 'syft', version: '[not provided]' }, components: 8 },
      ...{ covered: {}, findings: NONE },
    },
    'trivy-0.67.0.json': {
      ...{ tool: { name: 'trivy', version: 'dev' }, components: 12 },
      ...{ covered: { package: 12 }, findings: { ...NONE, medium: 1 } },
    },
  },
  passing: aDocument(),
  broken: {
    'a list without components': aDocument({ components: [] }),
    'a list of files': aDocument({ components: [aComponent({ type: 'file' })] }),
    'components that are no list': aDocument({ components: {} }),
    'a component without a name': aDocument({ components: [aComponent({ name: undefined })] }),
    'a component without a licence': aDocument({
      components: [aComponent({ licenses: undefined })],
    }),
    'a component without a licence in another': aDocument({
      components: [aComponent({ components: [aComponent({ licenses: [] })] })],
    }),
    'a licence that is not allowed': aDocument({
      components: [aComponent({ licenses: [{ expression: 'MIT AND GPL-3.0-only' }] })],
    }),
    'two licences, of which one is not allowed': aDocument({
      components: [
        aComponent({ licenses: [{ license: { id: 'MIT' } }, { license: { name: 'Ours' } }] }),
      ],
    }),
    'a licence that says nothing': aDocument({
      components: [aComponent({ licenses: [{ license: {} }] })],
    }),
    'licences that are no list': aDocument({ components: [aComponent({ licenses: 'MIT' })] }),
    'a vulnerability at the level': aDocument({
      vulnerabilities: [aVulnerability({ ratings: [{ severity: 'high' }] })],
    }),
    'a vulnerability that nobody has rated': aDocument({
      vulnerabilities: [aVulnerability({ ratings: [] })],
    }),
    'a vulnerability of nothing that is listed': aDocument({
      vulnerabilities: [aVulnerability({ ratings: [{ severity: 'high' }], affects: [] })],
    }),
    'vulnerabilities that nobody has looked for': aDocument({
      more: { vulnerabilities: undefined },
    }),
    'an empty list of vulnerabilities': aDocument({ vulnerabilities: [] }),
    'a list that says that it is incomplete': aDocument({
      more: { compositions: [{ aggregate: 'incomplete' }] },
    }),
    'another version': aDocument({ more: { specVersion: '1.3' } }),
    'no version': aDocument({ more: { specVersion: undefined } }),
    'another format': aDocument({ more: { bomFormat: 'SPDX' } }),
    'CycloneDX in XML':
      '<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components><component type="library"><name>lodash</name></component></components></bom>',
  },
});

test('a package is named as its manager does, whether its scope stands apart or not', async () => {
  const { components } = await read(
    aDocument({
      components: [
        aComponent({ group: '@types', name: 'node', purl: 'pkg:npm/%40types/node@24.0.0' }),
        aComponent({ group: '@types', name: 'node', purl: undefined }),
        aComponent({ purl: 'no package URL', version: undefined }),
      ],
    }),
  );

  assert.deepEqual(
    components.map(({ name, version }) => [name, version]),
    [
      ['@types/node', '24.0.0'],
      ['@types/node', '4.17.15'],
      ['lodash', null],
    ],
  );
});

test('what depends on what may be longer than all the rest, and is passed over', async () => {
  const dependencies = Array.from({ length: 5 }, (_, at) => ({
    ...{ ref: `a${at}`, dependsOn: ['b'.repeat(7 * 1024 * 1024)] },
  }));
  const { components } = await read(aDocument({ more: { dependencies } }));

  assert.equal(components.length, 1);
});

test('a component has the licences that it lists, each once', async () => {
  const licenses = [
    { license: { id: 'MIT' } },
    { license: { name: 'MIT' } },
    { expression: '(MIT OR ISC)' },
  ];
  const { components } = await read(aDocument({ components: [aComponent({ licenses })] }));

  assert.deepEqual(components[0]?.licences, ['MIT', '(MIT OR ISC)']);
});

test('the file in which scanners found the others is no component, unless it is more than that', async () => {
  const holder = { type: 'application', name: 'package-lock.json' };
  const { components } = await read(
    aDocument({ components: [holder, { ...holder, licenses: [{ expression: 'MIT' }] }] }),
  );

  assert.equal(components.length, 1);
});

test('a vulnerability is found in each component that has it, by all of its names', async () => {
  const [first, second] = await findingsOf(
    aVulnerability({
      references: [{ id: 'GHSA-35jh-r3h4-6jhm' }, { id: 'CVE-2021-23337' }],
      description: 'Command injection\nin template',
      affects: [{ ref: 'a' }, { ref: 'pkg:npm/gone@1' }],
    }),
  );

  assert.deepEqual(first, {
    ...{ kind: 'finding', rule: 'CVE-2021-23337', aliases: ['GHSA-35jh-r3h4-6jhm'] },
    ...{
      level: 'low',
      message: 'Command injection',
      places: packagePlaces({ name: 'lodash', version: '4.17.15' }, []),
      isSuppressed: false,
    },
    component: { name: 'lodash', version: '4.17.15', ecosystem: 'npm' },
  });
  assert.equal(second?.places[0]?.text, 'pkg:npm/gone@1');
  assert.equal(second.component, undefined);
});

test('the worst of all ratings counts, by word and by score, and one that nobody knows is high', async () => {
  const rated = [
    [{ severity: 'low' }, { severity: 'critical' }],
    [{ severity: 'info' }],
    [{ severity: 'none', score: 9.8, method: 'CVSSv31' }],
    [{ severity: 'unknown' }],
    [{ severity: 'unknown' }, { severity: 'low' }],
    [{ severity: 'dreadful' }],
    [{ score: 9.8, method: 'CVSSv31' }],
    [{ score: 7, method: 'CVSSv4' }],
    [{ score: 6.9, method: 'CVSSv2' }],
    [{ score: 0.1, method: 'CVSSv3' }],
    // The probability of an attack.
    [{ score: 0.97, method: 'other' }],
    [{ severity: 'low', score: 9.8, method: 'CVSSv31' }],
    [{ severity: 'high', score: 2.1, method: 'CVSSv31' }],
    [{ severity: 'info' }, { severity: 'unknown' }],
    [{ severity: 'unknown', score: 5, method: 'CVSSv31' }],
    [{ severity: 'unknown', score: 0.97, method: 'other' }],
  ];

  const findings = await findingsOf(...rated.map((ratings) => aVulnerability({ ratings })));

  assert.deepEqual(
    findings.map(({ level }) => level),
    [
      ...['critical', 'note', 'critical', 'high', 'high', 'high'],
      ...['critical', 'high', 'medium', 'low', 'high'],
      ...['critical', 'high', 'high', 'medium', 'high'],
    ],
  );
});

test('each component that a vulnerability affects is named by what it is called', async () => {
  const components = [aComponent(), aComponent({ 'bom-ref': 'b', name: 'other', purl: undefined })];
  const affects = [{ ref: 'a' }, { ref: 'b' }];

  const { findings } = await read(
    aDocument({ components, vulnerabilities: [aVulnerability({ affects })] }),
  );

  assert.deepEqual(
    findings.map(({ places }) => places[0]?.text),
    ['lodash 4.17.15', 'other 4.17.15'],
  );
});

test('vulnerabilities of more components than can be remembered are no report', async () => {
  const of = (count: number): object =>
    aVulnerability({ affects: Array.from({ length: count }, (_, at) => ({ ref: `${at}` })) });
  const outline = (count: number) =>
    outlineOf(aReportSource(aDocument({ vulnerabilities: [of(count)] })), 10);

  assert.equal((await outline(10)).affected.size, 10);
  await assert.rejects(outline(11), /more than 10 components/);
});

test('what was analysed and settled is told and not counted', async () => {
  const states = ['not_affected', 'false_positive', 'resolved', 'exploitable', 'in_triage', 'odd'];
  const unaffected = [{ ref: 'a', versions: [{ version: '4.17.15', status: 'unaffected' }] }];
  const mixed = [{ ref: 'a', versions: [{ version: '1', status: 'unaffected' }, { range: '*' }] }];

  const findings = await findingsOf(
    ...states.map((state) => aVulnerability({ analysis: { state } })),
    aVulnerability({ affects: unaffected }),
    aVulnerability({ affects: mixed }),
  );

  assert.deepEqual(
    findings.map(({ isSuppressed }) => isSuppressed),
    [true, true, true, false, false, false, true, false],
  );
});

test('a component is in each of the files in which it was found', async () => {
  const occurrences = (...locations: string[]) => ({
    evidence: { occurrences: locations.map((location) => ({ location })) },
  });
  const places = async (changes: object): Promise<readonly string[] | undefined> =>
    (await read(aDocument({ components: [aComponent(changes)] }))).findings[0]?.places.map(
      ({ text }) => text,
    );

  assert.deepEqual(await places({}), ['lodash 4.17.15']);
  assert.deepEqual(await places(occurrences('bait/lodash.js', 'a/lodash.js')), [
    'lodash 4.17.15 in bait/lodash.js',
    'lodash 4.17.15 in a/lodash.js',
  ]);
  const properties = [{ name: 'syft:location:0:path', value: '/bait/package-lock.json' }];
  assert.deepEqual(await places({ properties }), ['lodash 4.17.15 in /bait/package-lock.json']);
});

test('a document in XML is refused with a way out', async () => {
  await assert.rejects(read('\n <bom/>'), /have the tool write CycloneDX as JSON/);
});
