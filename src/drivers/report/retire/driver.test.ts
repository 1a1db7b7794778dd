import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packagePlaces } from '../../../core/validation/package-places.ts';
import type { Finding } from '../../../core/validation/fact.ts';
import { factsOfKind } from '../../contract-suites/facts-in.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { retireReport } from './driver.ts';

const config = { level: 'medium', max: 0, suppressed: 0, covered: 1 } as const;
const reader = retireReport.connect(config, { stateDirectory: '/nowhere' });

function aVulnerability(changes: object = {}): object {
  return {
    ...{ severity: 'low', below: '3.5.0', info: [] },
    identifiers: { summary: 'XSS', CVE: ['CVE-2020-11022'], githubID: 'GHSA-gxr4-xjj5-5px2' },
    ...changes,
  };
}

function aReport(vulnerabilities?: readonly object[], changes: object = {}): string {
  const found = { component: 'jquery', version: '3.4.1', detection: 'filename', vulnerabilities };
  return JSON.stringify({
    ...{ version: '5.7.0', data: [{ file: '/srv/web/jquery.js', results: [found] }] },
    ...{ messages: [], errors: [], time: 0.1 },
    ...changes,
  });
}

const findingsIn = (text: string): Promise<readonly Finding[]> =>
  factsOfKind(reader, text, 'finding');

const none = { note: 0, low: 0, medium: 0, high: 0, critical: 0 };

describeReport('retire', reader, {
  folder: import.meta.dirname,
  expected: {
    'retire-5.7.0-verbose.json': {
      tool: { name: 'retire.js', version: '5.7.0' },
      covered: { package: 3 },
      findings: { ...none, medium: 4, high: 2 },
      suppressed: none,
      incomplete: [],
    },
    'retire-5.7.0-verbose-clean.json': { covered: { package: 1 }, findings: none, incomplete: [] },
    // It does not say that it looked at anything.
    'retire-5.7.0-clean.json': { covered: {}, findings: none, incomplete: [] },
    'retire-5.7.0-no-database.json': {
      ...{ covered: {}, findings: none },
      incomplete: ["Error: ENOENT: no such file or directory, open '/srv/.db/none.json'"],
    },
  },
  passing: aReport([aVulnerability()]),
  broken: {
    'a high one': aReport([aVulnerability({ severity: 'high' })]),
    'one with a word that nobody knows': aReport([aVulnerability({ severity: 'dire' })]),
    'one that does not say how bad it is': aReport([aVulnerability({ severity: undefined })]),
    'one without identifiers': aReport([aVulnerability({ identifiers: undefined })]),
    'no file with a library': aReport(undefined, { data: [] }),
    'a file without a library': aReport(undefined, { data: [{ file: 'a.js', results: [] }] }),
    'an error of its own': aReport(undefined, { errors: ['Error: no such file'] }),
    'an error without words': aReport(undefined, { errors: [{}] }),
    'a report without a list of errors': aReport(undefined, { errors: undefined }),
    'a report without data': aReport(undefined, { data: undefined }),
    'data that are no list': aReport(undefined, { data: {} }),
    'a file without results': aReport(undefined, { data: [{ file: 'a.js' }] }),
    'a library without a version': aReport(undefined, {
      data: [{ file: 'a.js', results: [{ component: 'jquery' }] }],
    }),
    'vulnerabilities that are no list': aReport(undefined, {
      data: [
        { file: 'a.js', results: [{ component: 'a', version: '1', vulnerabilities: { a: 1 } }] },
      ],
    }),
    'a report of --outputformat jsonsimple':
      '[{"file":"a.js","results":[{"component":"jquery","version":"3.7.1"}]}]',
    'two reports': `${aReport()}\n${aReport()}`,
  },
});

test('a finding says which library it is, in which file, and by which names', async () => {
  assert.deepEqual(await findingsIn(aReport([aVulnerability()])), [
    {
      ...{ kind: 'finding', rule: 'CVE-2020-11022', aliases: ['GHSA-gxr4-xjj5-5px2'] },
      ...{ level: 'low', message: 'XSS', isSuppressed: false },
      component: { name: 'jquery', version: '3.4.1', ecosystem: 'npm' },
      places: packagePlaces({ name: 'jquery', version: '3.4.1' }, ['/srv/web/jquery.js']),
    },
  ]);
});

test('what has no public name goes by its number with the library', async () => {
  const of = (identifiers: object): object => aVulnerability({ identifiers });
  const all = [of({ issue: '2432' }), of({ bug: 12, summary: 's' }), of({ summary: 'only words' })];

  assert.deepEqual(
    (await findingsIn(aReport(all))).map(({ rule }) => rule),
    ['jquery 2432', 'jquery 12', 'unnamed'],
  );
});
