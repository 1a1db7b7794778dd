import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packagePlaces } from '../../../core/validation/package-places.ts';
import type { Finding } from '../../../core/validation/fact.ts';
import { factsOfKind } from '../../contract-suites/facts-in.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { osvReport } from './driver.ts';

const config = { level: 'medium', max: 0, suppressed: 0, covered: 1 } as const;
const reader = osvReport.connect(config, { stateDirectory: '/nowhere' });

function aRecord(changes: object = {}): object {
  return { id: 'GHSA-29mw-wpgm-hmr9', summary: 'ReDoS in lodash', ...changes };
}

function aGroup(changes: object = {}): object {
  const aliases = ['CVE-2020-28500', 'GHSA-29mw-wpgm-hmr9'];
  return { ids: ['GHSA-29mw-wpgm-hmr9'], aliases, max_severity: '3.3', ...changes };
}

function aPackage(changes: object = {}): object {
  return {
    package: { name: 'lodash', version: '4.17.15', ecosystem: 'npm' },
    ...{ groups: [aGroup()], vulnerabilities: [aRecord()] },
    ...changes,
  };
}

function aReport(packages: readonly unknown[] = [aPackage()], changes: object = {}): string {
  const source = { path: '/srv/shop/package-lock.json', type: 'lockfile' };
  return JSON.stringify({
    ...{ results: [{ source, packages }] },
    experimental_config: { licenses: { summary: false, allowlist: null } },
    ...changes,
  });
}

const findingsIn = (text: string): Promise<readonly Finding[]> =>
  factsOfKind(reader, text, 'finding');

const none = { note: 0, low: 0, medium: 0, high: 0, critical: 0 };
const plain = { groups: undefined, vulnerabilities: undefined };

describeReport('osv', reader, {
  folder: import.meta.dirname,
  expected: {
    // Four records of two vulnerabilities.
    'osv-scanner-1-vulnerabilities.json': {
      tool: { name: 'osv-scanner', version: null },
      covered: { package: 2 },
      findings: { ...none, high: 2 },
      suppressed: none,
    },
    'osv-scanner-2.6.0-mixed.json': {
      covered: { package: 5 },
      // Three licences, and three vulnerabilities of which two do not say how bad they are.
      findings: { ...none, high: 6 },
    },
    'osv-scanner-2.6.0-licences-all-packages.json': {
      covered: { package: 4 },
      findings: { ...none, high: 1 },
    },
    'osv-scanner-2.6.0-all-packages.json': { covered: { package: 2 }, findings: none },
    'osv-scanner-2.6.0-deprecated.json': {
      covered: { package: 1 },
      findings: { ...none, low: 1 },
    },
    // It does not say that it looked at anything.
    'osv-scanner-2.6.0-clean.json': { covered: {}, findings: none },
  },
  passing: aReport(),
  broken: {
    'a high one': aReport([aPackage({ groups: [aGroup({ max_severity: '7.5' })] })]),
    'one that does not say how bad it is': aReport([
      aPackage({ groups: [aGroup({ max_severity: '' })] }),
    ]),
    'a figure that is none': aReport([aPackage({ groups: [aGroup({ max_severity: 'bad' })] })]),
    'a licence that is not allowed': aReport([
      aPackage({ ...plain, license_violations: ['Apache-2.0'] }),
    ]),
    'a finding of another kind': aReport([aPackage()], {
      experimental_generic_findings: [{ Adv: { Title: 'weak password' } }],
    }),
    'no packages': aReport([]),
    'a report without results': aReport([], { results: undefined }),
    'results that are no list': aReport([], { results: {} }),
    'a result without packages': aReport([], { results: [{ source: { path: '/a' } }] }),
    'a vulnerability without a group': aReport([aPackage({ groups: undefined })]),
    'a vulnerability of another group': aReport([aPackage({ groups: [aGroup({ ids: ['a'] })] })]),
    'a group without a vulnerability': aReport([aPackage({ vulnerabilities: undefined })]),
    'vulnerabilities that are only counted': aReport([aPackage({ vulnerabilities: 1 })]),
    'a vulnerability without an id': aReport([
      aPackage({ vulnerabilities: [aRecord({ id: undefined })] }),
    ]),
    'a package without a name': aReport([aPackage({ package: { version: '1' } })]),
    'a record of OSV': JSON.stringify(aRecord()),
  },
});

test('a vulnerability is one finding of its package, however many records it has', async () => {
  const ids = ['GHSA-29mw-wpgm-hmr9', 'PYSEC-1'];
  const groups = [aGroup({ ids, aliases: ['CVE-2020-28500', ...ids] })];
  const vulnerabilities = [aRecord(), aRecord({ id: 'PYSEC-1' })];

  assert.deepEqual(await findingsIn(aReport([aPackage({ groups, vulnerabilities })])), [
    {
      ...{ kind: 'finding', rule: 'CVE-2020-28500', aliases: ids, level: 'low' },
      ...{ message: 'ReDoS in lodash', isSuppressed: false },
      component: { name: 'lodash', version: '4.17.15', ecosystem: 'npm' },
      places: packagePlaces({ name: 'lodash', version: '4.17.15' }, [
        '/srv/shop/package-lock.json',
      ]),
    },
  ]);
});

test('how bad it is says the figure of the group, else the word of its record', async () => {
  const record = aRecord({ database_specific: { severity: 'MODERATE' } });
  const level = async (max_severity: string): Promise<unknown> => {
    const found = aPackage({ groups: [aGroup({ max_severity })], vulnerabilities: [record] });
    return (await findingsIn(aReport([found])))[0]?.level;
  };

  assert.deepEqual([await level('9.8'), await level('')], ['critical', 'medium']);
});

test('the same vulnerability of two packages is two findings, and what has no version goes by its commit', async () => {
  const other = { name: 'github.com/org/repo', version: '', commit: 'bca26e4' };

  assert.deepEqual(
    (await findingsIn(aReport([aPackage(), aPackage({ package: other })]))).map(
      ({ places }) => places[0]?.text,
    ),
    [
      'lodash 4.17.15 in /srv/shop/package-lock.json',
      'github.com/org/repo bca26e4 in /srv/shop/package-lock.json',
    ],
  );
});

test('an ecosystem is told as package URLs call it, or not at all', async () => {
  const told = { 'Debian:12': 'deb/debian', PyPI: 'pypi', 'crates.io': 'cargo', constructor: null };

  for (const [ecosystem, expected] of Object.entries(told)) {
    const [found] = await findingsIn(
      aReport([aPackage({ package: { name: 'a', version: '1', ecosystem } })]),
    );
    assert.equal(found?.component?.ecosystem, expected, ecosystem);
  }
});
