import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Finding } from '../../../core/validation/fact.ts';
import { factsOfKind } from '../../contract-suites/facts-in.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { wapitiReport } from './driver.ts';

const config = { level: 'medium', max: 0, suppressed: 0, covered: 1 } as const;
const reader = wapitiReport.connect(config, { stateDirectory: '/nowhere' });

function aFinding(changes: object = {}): object {
  const request = { method: 'GET', path: '/search', parameter: 'q' };
  return { ...request, info: 'XSS via q', level: 2, ...changes };
}

function aDocument(
  vulnerabilities: Readonly<Record<string, unknown>>,
  { infos = {}, more = {} }: { infos?: object; more?: object } = {},
): string {
  const known = { target: 'http://127.0.0.1:80/', version: 'Wapiti 3.2.3', crawled_pages_nbr: 4 };
  return JSON.stringify({
    ...{ classifications: {}, vulnerabilities, anomalies: { 'Internal Server Error': [] } },
    ...{ additionals: {}, infos: { ...known, ...infos }, ...more },
  });
}

const findingsIn = (text: string): Promise<readonly Finding[]> =>
  factsOfKind(reader, text, 'finding');

function fixture(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, 'fixtures', name));
}

const none = { note: 0, low: 0, medium: 0, high: 0, critical: 0 };
const passing = aDocument({ CSP: [aFinding({ level: 1 })], SQL: [] });
const old = { infos: { version: 'Wapiti 3.0.4', crawled_pages_nbr: undefined } };

describeReport('wapiti', reader, {
  folder: import.meta.dirname,
  expected: {
    'wapiti-3.0.4.json': {
      tool: { name: 'wapiti', version: '3.0.4' },
      // It does not say, and its findings are of these.
      covered: { request: 2 },
      findings: { ...none, low: 5, medium: 1 },
    },
    'wapiti-3.0.4-clean.json': { covered: { request: 1 }, findings: { ...none, low: 1 } },
    'wapiti-3.0.4-dead.json': {
      ...{ covered: {}, findings: none },
      incomplete: [
        'Wapiti 3.0.4 does not say what it looked at, and found nothing: plant a route for it to find, or let Wapiti 3.1 or a later one look',
      ],
    },
    'wapiti-3.2.3.json': {
      tool: { name: 'wapiti', version: '3.2.3' },
      covered: { request: 4 },
      findings: { ...none, low: 3, medium: 1 },
    },
    'wapiti-3.2.3-clean.json': { covered: { request: 3 }, findings: { ...none, low: 1 } },
    'wapiti-3.2.3-dead.json': { covered: { request: 0 }, findings: none },
  },
  passing,
  broken: {
    'a dead target': fixture('wapiti-3.2.3-dead.json'),
    'a dead target of an old version': fixture('wapiti-3.0.4-dead.json'),
    'a target with cross-site scripting': fixture('wapiti-3.2.3.json'),
    'a target without pages': aDocument({ SQL: [] }, { infos: { crawled_pages_nbr: 0 } }),
    'an old version without findings': aDocument({ SQL: [] }, old),
    'an old version with anomalies alone': aDocument(
      { SQL: [] },
      { ...old, more: { anomalies: { 'Resource consumption': [aFinding({ level: 1 })] } } },
    ),
    'a finding without a level': aDocument({ XSS: [aFinding({ level: undefined })] }),
    'a level in words': aDocument({ XSS: [aFinding({ level: 'low' })] }),
    'a level that nobody knows': aDocument({ XSS: [aFinding({ level: 5 })] }),
    'a finding at no path': aDocument({ XSS: [aFinding({ path: undefined })] }),
    'a category that is no list': aDocument({ XSS: { 0: aFinding() } }),
    'findings that are no categories': aDocument({}, { more: { vulnerabilities: [aFinding()] } }),
    'a document without findings': aDocument({}, { more: { vulnerabilities: undefined } }),
    'a document that does not say by whom': aDocument({}, { infos: { version: undefined } }),
    'a count of pages in words': aDocument({}, { infos: { crawled_pages_nbr: 'many' } }),
  },
});

test('a finding says in which category, how bad and at which request', async () => {
  const text = aDocument(
    { XSS: [aFinding(), aFinding({ method: 'POST', parameter: '', level: 4 })] },
    { more: { additionals: { Fingerprint: [aFinding({ level: 0, parameter: null })] } } },
  );

  assert.deepEqual(
    (await findingsIn(text)).map(({ rule, level, places }) => [rule, level, places[0]?.text]),
    [
      ['XSS', 'medium', 'GET /search q'],
      ['XSS', 'critical', 'POST /search'],
      ['Fingerprint', 'note', 'GET /search'],
    ],
  );
});
