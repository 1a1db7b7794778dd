import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestPlace } from '../../../platform/seen-requests.ts';
import type { Finding } from '../../../core/validation/fact.ts';
import { factsOfKind } from '../../contract-suites/facts-in.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { zapReport } from './driver.ts';

const config = { level: 'medium', max: 0, suppressed: 0, covered: 1 } as const;
const reader = zapReport.connect(config, { stateDirectory: '/nowhere' });

function anInstance(changes: object = {}): object {
  return { uri: 'http://shop:80/search?q=tea', method: 'GET', param: 'q', ...changes };
}

function anAlert(changes: object = {}): object {
  return {
    ...{ pluginid: '40012', alertRef: '40012-1', name: 'Cross Site Scripting', riskcode: '3' },
    ...{ confidence: '2', count: '1', instances: [anInstance()] },
    ...changes,
  };
}

function anInsight(changes: object = {}): object {
  const total = { key: 'insight.endpoint.total', description: 'Count of total endpoints' };
  return { ...total, reason: 'Informational', site: 'http://shop:80', statistic: '29', ...changes };
}

function aDocument(
  alerts: readonly unknown[],
  insights: readonly object[] | null = [anInsight()],
  changes: object = {},
): string {
  return JSON.stringify({
    ...{ '@programName': 'ZAP', '@version': '2.17.0', '@generated': 'Sat, 28 Nov 2026 12:00:00' },
    ...(insights && { insights }),
    site: [{ '@name': 'http://shop:80', '@host': 'shop', alerts }],
    ...changes,
  });
}

const findingsIn = (text: string): Promise<readonly Finding[]> =>
  factsOfKind(reader, text, 'finding');

const none = { note: 0, low: 0, medium: 0, high: 0, critical: 0 };
const low = anAlert({ riskcode: '1' });
const passing = aDocument([low]);
const failures = anInsight({ key: 'insight.network.failure', statistic: '63' });

describeReport('zap', reader, {
  folder: import.meta.dirname,
  expected: {
    'zap-2.7.0.json': {
      tool: { name: 'zap', version: '2.7.0' },
      // The requests of its findings, of which it lists some.
      covered: { request: 11 },
      findings: { ...none, note: 416, low: 66 },
      incomplete: [],
    },
    'zap-2.17.0-by-template.json': {
      tool: { name: 'zap', version: '2.17.0' },
      covered: { request: 13 },
      findings: { ...none, note: 1, medium: 3, high: 2 },
      incomplete: ['Percentage of network failures: 41'],
    },
  },
  passing,
  broken: {
    'an alert of high risk': aDocument([anAlert()]),
    'an alert of a risk that nobody knows': aDocument([anAlert({ riskcode: '7' })]),
    'a risk that is no code': aDocument([anAlert({ riskcode: 1 })]),
    'an alert without instances': aDocument([anAlert({ instances: [], count: '0' })]),
    'an alert that counts fewer than it lists': aDocument([{ ...low, count: '0' }]),
    'an alert that counts in words': aDocument([{ ...low, count: 'many' }]),
    'an alert that counts without end': aDocument([{ ...low, count: '99999999999' }]),
    'an instance at no address': aDocument([
      { ...low, instances: [anInstance({ uri: undefined })] },
    ]),
    'a report of no site': aDocument([], null, { site: [] }),
    'a report without sites': aDocument([], null, { site: undefined }),
    'a site without alerts that says nothing else': aDocument([], null),
    'a site of which nothing was seen': aDocument([], [anInsight({ statistic: '0' })]),
    'a target that was gone most of the time': aDocument(
      [low],
      [anInsight(), { ...failures, reason: 'Exceeded High' }],
    ),
    'a report that does not say by which version': aDocument([low], [], { '@version': undefined }),
    'alerts that are no list': aDocument([low]).replace(/"alerts":\[.*\]\}\]/, '"alerts":{}}]'),
  },
});

test('each instance is a finding, at its request, also where ZAP does not list it', async () => {
  const instances = [anInstance(), anInstance({ method: 'POST', param: '' })];
  const found = await findingsIn(aDocument([anAlert({ instances, count: '4' })]));

  assert.deepEqual(
    found.map(({ places }) => places[0]?.text ?? null),
    ['GET /search?q=tea q', 'POST /search?q=tea', null, null],
  );
  assert.deepEqual(found[0], {
    ...{ kind: 'finding', rule: '40012-1', aliases: ['40012'], level: 'high' },
    ...{ message: 'Cross Site Scripting', isSuppressed: false },
    places: [requestPlace({ method: 'GET', url: '/search?q=tea', parameter: 'q' })],
  });
});

test('how bad an alert is says its risk, and one that a person called false is told apart', async () => {
  const alerts = ['0', '1', '2', '3'].map((riskcode) => anAlert({ riskcode }));
  const found = await findingsIn(aDocument([...alerts, anAlert({ confidence: '0' })]));

  assert.deepEqual(
    found.map(({ level, isSuppressed }) => [level, isSuppressed]),
    [
      ['note', false],
      ['low', false],
      ['medium', false],
      ['high', false],
      ['high', true],
    ],
  );
});
