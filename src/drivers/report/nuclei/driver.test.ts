import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestPlace } from '../../../platform/seen-requests.ts';
import { factsIn } from '../../contract-suites/facts-in.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { nucleiReport } from './driver.ts';

const config = { level: 'medium', max: 0, suppressed: 0, covered: 1 } as const;
const reader = nucleiReport.connect(config, { stateDirectory: '/nowhere' });

interface EntryChanges {
  readonly info?: object;
  readonly more?: object;
}

function anEntry({ info = {}, more = {} }: EntryChanges = {}): string {
  const template = { 'template-id': 'xss', info: { name: 'XSS', severity: 'low', ...info } };
  const at = { type: 'http', host: 'shop', 'matched-at': 'http://shop:80/search?q=tea' };
  const request = 'GET /search?q=tea HTTP/1.1\r\nHost: shop\r\n\r\n';
  return JSON.stringify({ ...template, ...at, request, 'matcher-status': true, ...more });
}

/** As `-matcher-status` shows it. */
function aMiss(more: object = {}): string {
  const missed = { 'matched-at': undefined, 'matcher-status': false };
  return anEntry({ more: { ...missed, response: 'HTTP/1.1 404 Not Found\r\n\r\n', ...more } });
}

const none = { note: 0, low: 0, medium: 0, high: 0, critical: 0 };
const nuclei = { name: 'nuclei', version: null };
const refused = { response: undefined, error: 'port closed or filtered' };
const passing = `${anEntry()}\n${aMiss()}\n`;

describeReport('nuclei', reader, {
  folder: import.meta.dirname,
  expected: {
    'nuclei-2.jsonl': { tool: nuclei, covered: { request: 2 }, findings: { ...none, note: 2 } },
    'nuclei-3.jsonl': {
      tool: nuclei,
      covered: { request: 2 },
      findings: { ...none, low: 1, critical: 1 },
    },
    'nuclei-3-export.json': {
      tool: nuclei,
      covered: { request: 2 },
      findings: { ...none, note: 6 },
    },
  },
  passing,
  broken: {
    'a match of critical severity': anEntry({ info: { severity: 'critical' } }),
    'a match of a severity that nobody knows': anEntry({ info: { severity: 'unknown' } }),
    'a match without a severity': anEntry({ info: { severity: undefined } }),
    'a match in capital letters': anEntry({ info: { severity: 'LOW' } }),
    'a list of a match of high severity': `[${anEntry({ info: { severity: 'high' } })}]`,
    'a list that is cut off': `[${anEntry()},`,
    'a line that is cut off': `${anEntry()}\n${anEntry().slice(0, 60)}`,
    'a dead target': `${aMiss(refused)}\n${aMiss(refused)}\n`,
    'templates that got no answer': aMiss({ response: '' }),
    'templates that broke on the answer': aMiss({ error: 'could not parse the response' }),
    'a match of no template': anEntry({ more: { 'template-id': undefined } }),
    'a match that is none nor one': anEntry({ more: { 'matcher-status': 'maybe' } }),
    'the words of the tool between its results': `${anEntry()}\n[INF] Scan completed\n`,
    'its statistics in place of its results':
      '{"duration":"0:00:05","requests":"12","errors":"12"}\n',
  },
});

test('an entry says which template matched, how bad and at which request', async () => {
  const info = { severity: 'critical', classification: { 'cve-id': ['CVE-2026-1'] } };
  const text = `\uFEFF \n${anEntry({ info, more: { 'matcher-name': 'script' } })}\n`;

  assert.deepEqual(await factsIn(reader, text), [
    { kind: 'tool', ...nuclei },
    {
      ...{ kind: 'finding', rule: 'xss', aliases: ['xss:script', 'CVE-2026-1'], message: 'XSS' },
      ...{ level: 'critical', isSuppressed: false },
      places: [requestPlace({ method: 'GET', url: '/search?q=tea' })],
    },
    { kind: 'covered', unit: 'request', count: 1 },
  ]);
});

test('a list and lines of the same entries say the same', async () => {
  const entries = [anEntry(), aMiss(), anEntry({ more: { request: undefined, type: 'dns' } })];

  assert.deepEqual(
    await factsIn(reader, `\uFEFF\n [${entries.join(',\n')}]\n`),
    await factsIn(reader, entries.join('\n')),
  );
});

test('what did not match is no finding, and shows what was looked at when an answer came', async () => {
  const facts = await factsIn(
    reader,
    [aMiss(), aMiss({ 'template-id': 'sql' }), aMiss(refused)].join('\n'),
  );

  assert.deepEqual(facts, [
    { kind: 'tool', ...nuclei },
    { kind: 'covered', unit: 'request', count: 2 },
  ]);
});
