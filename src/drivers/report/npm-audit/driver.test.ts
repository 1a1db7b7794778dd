import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packagePlaces } from '../../../core/validation/package-places.ts';
import type { Finding } from '../../../core/validation/fact.ts';
import { factsOfKind } from '../../contract-suites/facts-in.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { npmAuditReport } from './driver.ts';

const config = { level: 'medium', max: 0, suppressed: 0, covered: 1 } as const;
const reader = npmAuditReport.connect(config, { stateDirectory: '/nowhere' });

function aVia(changes: object = {}): object {
  return {
    ...{ source: 1, name: 'lodash', dependency: 'lodash', title: 'Command Injection' },
    ...{ url: 'https://github.com/advisories/GHSA-35jh-r3h4-6jhm', severity: 'low' },
    ...{ cvss: { score: 7.2, vectorString: null }, range: '<4.17.21' },
    ...changes,
  };
}

function aPackage(via: readonly unknown[] = [aVia()], changes: object = {}): object {
  return { via, range: '<=4.17.20', nodes: ['node_modules/lodash'], ...changes };
}

function aReport(packages: Readonly<Record<string, object>> = {}, changes: object = {}): string {
  return JSON.stringify({
    ...{ auditReportVersion: 2, vulnerabilities: packages },
    metadata: {
      vulnerabilities: { total: Object.keys(packages).length },
      dependencies: { prod: 4, total: 3 },
    },
    ...changes,
  });
}

const findingsIn = (text: string): Promise<readonly Finding[]> =>
  factsOfKind(reader, text, 'finding');

const none = { note: 0, low: 0, medium: 0, high: 0, critical: 0 };

describeReport('npm-audit', reader, {
  folder: import.meta.dirname,
  expected: {
    'npm-11.19.1.json': {
      tool: { name: 'npm audit', version: null },
      covered: { package: 3 },
      // mkdirp, which is concerned by minimist, is no third package with findings.
      findings: { ...none, medium: 1, high: 2, critical: 1 },
      suppressed: none,
      incomplete: [],
    },
    'npm-11.19.1-clean.json': { covered: { package: 1 }, findings: none },
    // Of lodash 4.17.15: the report does not give away that nobody was asked.
    'npm-11.19.1-offline.json': { covered: { package: 3 }, findings: none },
  },
  passing: aReport({ lodash: aPackage() }),
  broken: {
    'a high one': aReport({ lodash: aPackage([aVia({ severity: 'high' })]) }),
    'one with a word that nobody knows': aReport({
      lodash: aPackage([aVia({ severity: 'dire', cvss: null })]),
    }),
    'a lock file that names nothing': aReport(
      {},
      { metadata: { vulnerabilities: { total: 0 }, dependencies: { total: 0 } } },
    ),
    'a report without metadata': aReport({}, { metadata: undefined }),
    'a report that does not say how many packages there are': aReport(
      {},
      { metadata: { vulnerabilities: { total: 0 } } },
    ),
    'vulnerabilities that are counted and not listed': aReport(
      { lodash: aPackage() },
      { metadata: { vulnerabilities: { total: 2 }, dependencies: { total: 3 } } },
    ),
    'a vulnerable package that does not say why': aReport({ lodash: aPackage([]) }),
    'a vulnerable package by one that is not listed': aReport({
      ...{ lodash: aPackage(), mkdirp: aPackage(['minimist']) },
    }),
    'vulnerable packages by nothing but each other': aReport({
      ...{ a: aPackage(['b']), b: aPackage(['a']) },
    }),
    'an advisory that does not say how bad it is': aReport({
      lodash: aPackage([aVia({ severity: undefined })]),
    }),
    'vulnerabilities that are a list': aReport({}, { vulnerabilities: [] }),
    'version 1': aReport({}, { auditReportVersion: 1 }),
    'version 3': aReport({}, { auditReportVersion: 3 }),
    'no version': aReport({}, { auditReportVersion: undefined }),
    'a report of npm 6': JSON.stringify({
      ...{ actions: [], advisories: {}, muted: [] },
      metadata: { vulnerabilities: { high: 0 }, totalDependencies: 3 },
    }),
    'an error beside a report': aReport({}, { error: { summary: 'endpoint', detail: '' } }),
  },
});

test('an advisory is one finding where it is, however many packages are concerned by it', async () => {
  const both = [aVia(), aVia(), 'mkdirp'];
  const nodes = ['node_modules/lodash', 'node_modules/a/node_modules/lodash'];
  const packages = { lodash: aPackage(both, { nodes }), mkdirp: aPackage(['lodash']) };

  assert.deepEqual(await findingsIn(aReport(packages)), [
    {
      ...{ kind: 'finding', rule: 'GHSA-35jh-r3h4-6jhm', aliases: ['1'], level: 'low' },
      ...{ message: 'Command Injection', isSuppressed: false },
      component: { name: 'lodash', version: '<=4.17.20', ecosystem: 'npm' },
      places: packagePlaces({ name: 'lodash', version: null }, nodes),
    },
  ]);
});

test('what npm writes in place of a report is refused with its words', async () => {
  // As npm 11.19.1 wrote them: an endpoint that refuses, and no lock file.
  const refused =
    '{"message":"405 Method Not Allowed - POST https://registry.example/-/npm/v1/security/advisories/bulk","method":"POST","statusCode":405,"body":"","error":{"summary":"","detail":""}}';
  const noLock =
    '{"error":{"code":"ENOLOCK","summary":"This command requires an existing lockfile.","detail":"Try creating one first"}}';

  await assert.rejects(findingsIn(refused), /npm audit has failed: 405 Method Not Allowed/);
  await assert.rejects(findingsIn(noLock), /has failed: This command requires an existing lock/);
  await assert.rejects(findingsIn('{"error":{}}'), /it does not say why/);
  await assert.rejects(findingsIn('{"advisories":{}}'), /a report of npm 6 or pnpm/);
});
