import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { heyReport } from './driver.ts';
import { parseSummary } from './parse-summary.ts';

const reader = heyReport.connect(heyReport.config.parse({}), { stateDirectory: '/nowhere' });

const fixture = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');
// Cut off in what is left empty behind them, its counts are whole.
const passing = fixture('hey-0.1.4.txt').trimEnd();
const failing = fixture('hey-0.1.4-errors.txt');
// As it really began; of 60 requests 57 were in it, and 3 without an answer were not.
const csv = `response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset
0.0520,0.0004,0.0000,0.0001,0.0513,0.0002,200,0.0002
`;
const tool = { name: 'hey', version: null };

describeReport('hey', reader, {
  folder: import.meta.dirname,
  expected: {
    'hey-0.1.4.txt': {
      tool,
      loads: [
        {
          ...{ kind: 'load', requests: 78_767, failed: 0, durationMs: 3_000.8 },
          ...{ ratePerSecond: 26_248.5683, generator: null },
          latencyMs: {
            ...{ p10: 0.1, p25: 0.2, p50: 0.3, p75: 0.3, p90: 0.5, p95: 0.6, p99: 1.2 },
            max: 17.5,
          },
        },
      ],
      incomplete: [],
    },
    'hey-0.1.4-errors.txt': {
      tool,
      loads: [
        {
          ...{ kind: 'load', requests: 400, failed: 40, durationMs: 29.1 },
          ...{ ratePerSecond: 13_760.2232 * 0.9, generator: null },
          latencyMs: {
            ...{ p10: 0.2, p25: 0.2, p50: 0.4, p75: 0.6, p90: 0.8, p95: 1.7, p99: 5.5 },
            max: 6.5,
          },
        },
      ],
      incomplete: [],
    },
    'hey-0.1.4-stalled.txt': {
      tool,
      loads: [
        {
          ...{ kind: 'load', requests: 60, failed: 3, durationMs: 4_411.9 },
          ...{ ratePerSecond: 13.5995 * (57 / 60), generator: null },
          latencyMs: {
            ...{ p10: 50.4, p25: 50.9, p50: 51.1, p75: 51.6, p90: 52.2, p95: 52.5, max: 52.7 },
          },
        },
      ],
      incomplete: [],
    },
    'hey-0.1.4-dead.txt': {
      tool,
      loads: [
        {
          ...{ kind: 'load', requests: 40, failed: 40, durationMs: 1.9, ratePerSecond: 0 },
          ...{ latencyMs: {}, generator: null },
        },
      ],
      incomplete: [],
    },
    'hey-0.1.4-million.txt': {
      tool,
      incomplete: ['hey made 1,100,000 requests and tells of 1,000,000'],
    },
  },
  passing,
  broken: {
    'a target where nothing listens': fixture('hey-0.1.4-dead.txt'),
    'a target that answers 500 at times': failing,
    'a target that stalls': fixture('hey-0.1.4-stalled.txt'),
    'a run of more requests than hey tells of': fixture('hey-0.1.4-million.txt'),
    'a list of answers without its second line': failing.replace(/^ {2}\[500\].*\n/m, ''),
    'a list of answers without a line': passing.replace(/^ {2}\[200\].*/m, ''),
    'errors of which the list is missing': `${passing}\n\nError distribution:`,
    'errors in other words': `${passing}\n\nErrors:\n  [3]\tEOF\n`,
    'one request without an answer': `${passing}\n\nError distribution:\n  [1]\tEOF\n`,
    'a report without quantiles': passing
      .replace(/^ {2}\d+% in .*\n/gm, '')
      .replace('0.0175 secs', '9.0175 secs'),
    'a quantile that is too long': passing.replace(/^( {2}9[59]% in) .*$/gm, '$1 1.2000 secs'),
    'a time in milliseconds': passing.replace(/secs/g, 'ms'),
    'a rate that was not reached': passing.replace('3.0008 secs', '300.0800 secs'),
    'a CSV': csv,
  },
});

test('a hundred thousand kinds of errors are counted', () => {
  const dead = fixture('hey-0.1.4-dead.txt').trimEnd().split('\n').slice(0, -1);
  const errors = Array.from({ length: 100_000 }, (_, port) => `  [2]\tread tcp :${port}: reset`);

  assert.equal(parseSummary([...dead, ...errors].join('\n')).unanswered, 200_000);
});

test('a CSV is refused with what to do instead', () => {
  assert.throws(() => parseSummary(csv), failsWith('report-invalid', /leave out "-o csv"/));
});
