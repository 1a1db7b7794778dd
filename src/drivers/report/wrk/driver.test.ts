import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { factsIn } from '../../contract-suites/facts-in.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { wrkReport } from './driver.ts';

const reader = wrkReport.connect(wrkReport.config.parse({ quantile: 'p90' }), {
  stateDirectory: '/nowhere',
});

const fixture = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');
const passing = fixture('wrk-4.1.0.txt');
const tool = { name: 'wrk', version: null };
const quantiles = /^ +Latency Distribution\n(?: +\d+% .*\n)+/m;

describeReport('wrk', reader, {
  folder: import.meta.dirname,
  expected: {
    'wrk-4.1.0.txt': {
      tool,
      loads: [
        {
          ...{ kind: 'load', requests: 146_941, failed: 0, durationMs: 3_000 },
          ...{ ratePerSecond: 48_903.51, generator: null },
          latencyMs: { p50: 0.131, p75: 0.155, p90: 0.772, p99: 4.25, max: 11.47 },
        },
      ],
    },
    'wrk-4.1.0-errors.txt': {
      tool,
      loads: [
        {
          ...{ kind: 'load', requests: 152_153, failed: 15_215, durationMs: 3_000 },
          ...{ ratePerSecond: (50_670.48 * 136_938) / 152_153, generator: null },
          latencyMs: { max: 15.27 },
        },
      ],
    },
    // One of twenty answers came after 5 s: of those wrk counts time-outs, and no times.
    'wrk-4.1.0-stalled.txt': {
      tool,
      loads: [
        {
          ...{ kind: 'load', requests: 203, failed: 5, durationMs: 6_010, ratePerSecond: 32.95 },
          latencyMs: { p50: 50.71, p75: 51.08, p90: 51.68, p99: 55.15, max: 55.29 },
          generator: null,
        },
      ],
    },
    'wrk-4.1.0-silent.txt': {
      tool,
      loads: [
        {
          ...{ kind: 'load', requests: 0, failed: 0, durationMs: 4_010, ratePerSecond: 0 },
          ...{ latencyMs: {}, generator: null },
        },
      ],
    },
  },
  passing,
  broken: {
    'a target where nothing listens': 'unable to connect to 127.0.0.1:8109 Connection refused\n',
    'a target that never answers': fixture('wrk-4.1.0-silent.txt'),
    'a target that answers 500 at times': fixture('wrk-4.1.0-errors.txt'),
    'a target that stalls': fixture('wrk-4.1.0-stalled.txt'),
    'a run without the quantile that is asked for': passing
      .replace(quantiles, '')
      .replace('11.47ms', '201.00ms'),
    'a time without a unit': passing.replace('11.47ms', '11.47'),
    'a time in a unit that wrk does not have': passing.replace('772.00us', '772.00ns'),
    'a quantile that is too long': passing.replace(/772\.00us|4\.25ms/g, '1.20m'),
    'more requests than its rate makes': passing.replace('146941 requests', '346941 requests'),
    'more failures than answers': passing.replace(
      'Requests/sec:',
      '  Non-2xx or 3xx responses: 999999\nRequests/sec:',
    ),
    'a failure of the connection': passing.replace(
      'Requests/sec:',
      '  Socket errors: connect 0, read 0, write 1, timeout 0\nRequests/sec:',
    ),
    'failures in other words': passing.replace('Requests/sec:', '  Errors: 12\nRequests/sec:'),
    'a second run that is cut off': `${passing}${passing.slice(0, 200)}`,
    'a second run that is bad': `${passing}${fixture('wrk-4.1.0-errors.txt')}`,
    'a run without its end': passing.replace(/^Transfer.*\n/m, ''),
  },
});

test('a report says why it is none of wrk', async () => {
  const refused = async (text: string, says: RegExp): Promise<void> => {
    await assert.rejects(factsIn(reader, text), failsWith('report-invalid', says));
  };

  await refused('unable to connect to 127.0.0.1:8109\n', /no "Running/);
  const more = fixture('wrk-4.1.0-errors.txt').replace('responses: 15215', 'responses: 152154');
  await refused(more, /do not agree/);
});
