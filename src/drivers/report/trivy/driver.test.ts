import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packagePlaces } from '../../../core/validation/package-places.ts';
import type { Finding } from '../../../core/validation/fact.ts';
import { factsOfKind } from '../../contract-suites/facts-in.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { trivyReport } from './driver.ts';

const config = { level: 'medium', max: 0, suppressed: 0, covered: 1 } as const;
const reader = trivyReport.connect(config, { stateDirectory: '/nowhere' });

function aVulnerability(changes: object = {}): object {
  return {
    ...{ VulnerabilityID: 'CVE-2020-28500', PkgName: 'lodash', InstalledVersion: '4.17.15' },
    ...{ FixedVersion: '4.17.21', Status: 'fixed', Severity: 'LOW', Title: 'ReDoS' },
    ...changes,
  };
}

function aMisconfiguration(changes: object = {}): object {
  return {
    ...{ ID: 'DS-0002', Title: 'root user', Message: 'Say a USER', Severity: 'LOW' },
    ...{ Status: 'FAIL', CauseMetadata: { Provider: 'Dockerfile' } },
    ...changes,
  };
}

const secret = {
  RuleID: 'my',
  Severity: 'LOW',
  Title: 'My Secret',
  StartLine: 7,
  Match: 'hunter2',
};
const licence = { Name: 'MIT', Severity: 'LOW', Category: 'notice', PkgName: 'ms', FilePath: '' };

function aReport(result: object = {}, changes: object = {}): string {
  const Packages = [{ ID: 'lodash@4.17.15', Name: 'lodash', Version: '4.17.15' }];
  return JSON.stringify({
    ...{ SchemaVersion: 2, Trivy: { Version: '0.74.0' } },
    // What is listed before the target of which it is.
    Results: [{ Packages, Vulnerabilities: [aVulnerability()], ...result, Target: 'yarn.lock' }],
    ...changes,
  });
}

const findingsIn = (result: object): Promise<readonly Finding[]> =>
  factsOfKind(reader, aReport(result), 'finding');

const none = { note: 0, low: 0, medium: 0, high: 0, critical: 0 };

describeReport('trivy', reader, {
  folder: import.meta.dirname,
  expected: {
    'trivy-0.74.0-npm.json': {
      tool: { name: 'Trivy', version: 'dev' },
      covered: { package: 12 },
      findings: { ...none, medium: 1 },
      suppressed: none,
      incomplete: [],
    },
    'trivy-0.74.0-suppressed.json': {
      tool: { name: 'Trivy', version: null },
      covered: { package: 2 },
      findings: { ...none, high: 1 },
      suppressed: { ...none, low: 1 },
    },
    // Written without a list of packages.
    'trivy-0.74.0-debian.json': { covered: {}, findings: { ...none, low: 1, critical: 1 } },
    'trivy-0.74.0-dockerfile.json': { covered: {}, findings: { ...none, high: 1 } },
    'trivy-0.74.0-secrets.json': { covered: {}, findings: { ...none, high: 1, critical: 1 } },
    'trivy-0.74.0-licences.json': { covered: {}, findings: { ...none, low: 2, medium: 1 } },
    'trivy-0.74.0-nothing.json': { covered: {}, findings: none },
  },
  passing: aReport(),
  broken: {
    'a high one': aReport({ Vulnerabilities: [aVulnerability({ Severity: 'HIGH' })] }),
    'one that nobody will fix': aReport({
      Vulnerabilities: [aVulnerability({ Severity: 'HIGH', Status: 'will_not_fix' })],
    }),
    'one whose severity is not known': aReport({
      Vulnerabilities: [aVulnerability({ Severity: 'UNKNOWN' })],
    }),
    'one that does not say how bad it is': aReport({
      Vulnerabilities: [aVulnerability({ Severity: undefined })],
    }),
    'a misconfiguration': aReport({ Misconfigurations: [aMisconfiguration({ Severity: 'HIGH' })] }),
    'a secret': aReport({ Secrets: [{ ...secret, Severity: 'CRITICAL' }] }),
    'a forbidden licence': aReport({ Licenses: [{ ...licence, Severity: 'HIGH' }] }),
    'a modified finding that is still one': aReport({
      ExperimentalModifiedFindings: [
        {
          ...{ Type: 'vulnerability', Status: 'affected' },
          Finding: aVulnerability({ Severity: 'HIGH' }),
        },
      ],
    }),
    'a modified finding of another kind': aReport({
      ExperimentalModifiedFindings: [{ Type: 'malware', Status: 'ignored', Finding: {} }],
    }),
    'a report without a list of packages': aReport({ Packages: undefined }),
    'a list of no packages': aReport({ Packages: [] }),
    'a package without a name': aReport({ Packages: [{}] }),
    'no results': aReport({}, { Results: undefined }),
    'results that are no list': aReport({}, { Results: {} }),
    'vulnerabilities that are no list': aReport({ Vulnerabilities: { a: 1 } }),
    'a vulnerability without an id': aReport({
      Vulnerabilities: [aVulnerability({ VulnerabilityID: undefined })],
    }),
    'failures that are counted and not listed': aReport({
      MisconfSummary: { Successes: 26, Failures: 1 },
    }),
    'version 1': aReport({}, { SchemaVersion: 1 }),
    'no version': aReport({}, { SchemaVersion: undefined }),
    'a report of a cluster': '{"ClusterName":"a","Resources":[{"Results":[]}]}',
  },
});

test('a vulnerability says in what it is, and what is to be done', async () => {
  const vulnerabilities = [
    aVulnerability({
      ...{ VendorIDs: ['GHSA-29mw-wpgm-hmr9'], PkgPath: 'app/node_modules/lodash' },
      PkgIdentifier: { PURL: 'pkg:npm/lodash@4.17.15' },
    }),
    aVulnerability({ FixedVersion: undefined, Status: 'will_not_fix', Title: undefined }),
  ];
  const [installed, unfixed] = await findingsIn({ Vulnerabilities: vulnerabilities });

  assert.deepEqual(installed, {
    ...{ kind: 'finding', rule: 'CVE-2020-28500', aliases: ['GHSA-29mw-wpgm-hmr9'], level: 'low' },
    ...{ message: 'ReDoS; fixed in 4.17.21', isSuppressed: false },
    component: { name: 'lodash', version: '4.17.15', ecosystem: 'npm' },
    places: packagePlaces({ name: 'lodash', version: '4.17.15' }, ['app/node_modules/lodash']),
  });
  assert.deepEqual(
    [
      unfixed?.places[0]?.text,
      unfixed?.message,
      unfixed?.isSuppressed,
      unfixed?.component?.ecosystem,
    ],
    ['lodash 4.17.15 in yarn.lock', 'will not fix', false, null],
  );
});

test('where the severity is not known the worst figure of CVSS counts', async () => {
  const CVSS = { nvd: { V2Score: 5.8, V3Score: 9.1 }, ghsa: { V40Score: 6.9 } };
  const [found] = await findingsIn({
    Vulnerabilities: [aVulnerability({ Severity: 'UNKNOWN', CVSS })],
  });

  assert.equal(found?.level, 'critical');
});

test('a secret is told by its rule and line, and never itself', async () => {
  const found = await findingsIn({ Vulnerabilities: [], Secrets: [secret] });

  assert.equal(found[0]?.places[0]?.text, 'yarn.lock:7');
  assert.doesNotMatch(JSON.stringify(found), /hunter2/);
});

test('a misconfiguration that is met is none, and one that is excepted is suppressed', async () => {
  const found = await findingsIn({
    ...{ Vulnerabilities: [], MisconfSummary: { Successes: 1, Failures: 1 } },
    Misconfigurations: [
      aMisconfiguration({ Status: 'PASS' }),
      aMisconfiguration({ Status: 'EXCEPTION' }),
      aMisconfiguration({ CauseMetadata: { StartLine: 3 } }),
    ],
  });

  assert.deepEqual(
    found.map(({ places, isSuppressed }) => [places[0]?.text, isSuppressed]),
    [
      ['yarn.lock', true],
      ['yarn.lock:3', false],
    ],
  );
});

test('what was ignored is suppressed, whatever it is, and what does not concern by its distributor is told', async () => {
  const modified = [
    { Type: 'vulnerability', Status: 'not_affected', Finding: aVulnerability() },
    { Type: 'misconfiguration', Status: 'ignored', Finding: aMisconfiguration() },
    { Type: 'secret', Status: 'ignored', Finding: secret },
    { Type: 'license', Status: 'ignored', Finding: licence },
    { Type: 'vulnerability', Status: 'under_investigation', Finding: aVulnerability() },
  ];
  const found = await findingsIn({
    ...{ Vulnerabilities: [aVulnerability({ Status: 'not_affected' })] },
    ExperimentalModifiedFindings: modified,
  });

  assert.deepEqual(
    found.map(({ rule, isSuppressed }) => [rule, isSuppressed]),
    [
      ['CVE-2020-28500', false],
      ...[['CVE-2020-28500', true] as const, ['DS-0002', true] as const],
      ...[['my', true] as const, ['MIT', true] as const],
      ['CVE-2020-28500', false],
    ],
  );
  assert.deepEqual([found[0]?.level, found.at(-1)?.level], ['note', 'low']);
});
