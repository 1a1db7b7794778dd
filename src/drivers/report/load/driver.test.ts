import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { LoadReport } from '../../../core/load/load-report.ts';
import { judgeReport } from '../../../core/validation/judge-report.ts';
import { addFact, newTally, type Tally } from '../../../core/validation/tally.ts';
import { factsIn } from '../../contract-suites/facts-in.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { loadReport } from './driver.ts';

const asked = loadReport.config.parse({ rate: 1_000 });
const reader = loadReport.connect(asked, { stateDirectory: '/nowhere' });

const good: LoadReport = {
  format: 'surefoot-load/1',
  tool: { name: 'surefoot', version: '1.0.0' },
  ...{ startedAt: '2026-11-28T12:00:00.000Z', isComplete: true },
  asked: {
    ...{ url: 'http://127.0.0.1/', method: 'GET', arrivals: 'constant', seed: 1 },
    ...{ connectionsMax: 1_000, timeoutMs: 10_000, expectedStatus: '2xx,3xx' },
    ...{ ratePerSecond: 1_000, durationMs: 10_000, warmUpMs: 0 },
  },
  ...{ requests: 10_000, failed: 0, failures: {}, statuses: { 200: 10_000 } },
  ...{ durationMs: 10_000, ratePerSecond: 1_000 },
  latencyMs: { p50: 1, p75: 2, p90: 3, p95: 4, p99: 5, 'p99.9': 6, max: 7 },
  serviceMs: { p50: 1, p75: 1, p90: 2, p95: 3, p99: 4, 'p99.9': 5, max: 6 },
  generator: { keptUp: true, observed: 'All well.' },
  own: { cpuShare: 0.2, loopShare: 0.1, lagP99Ms: 2, connections: 10, waited: 0 },
};

function but(changes: Partial<LoadReport>): string {
  return JSON.stringify({ ...good, ...changes });
}

describeReport('load', reader, {
  folder: import.meta.dirname,
  expected: {
    'surefoot-0.1.0.json': loads('surefoot-0.1.0.json', { requests: 10_000, failed: 0 }),
    'surefoot-0.1.0-errors.json': loads('surefoot-0.1.0-errors.json', {
      ...{ requests: 500, failed: 50 },
    }),
    'surefoot-0.1.0-overloaded.json': loads('surefoot-0.1.0-overloaded.json', {
      ...{ requests: 2_500, failed: 1_513 },
    }),
    'surefoot-0.1.0-few-connections.json': loads('surefoot-0.1.0-few-connections.json', {
      ...{ requests: 2_500, failed: 0 },
    }),
    'surefoot-0.1.0-refused.json': loads('surefoot-0.1.0-refused.json', {
      ...{ requests: 200, failed: 200 },
    }),
    'surefoot-0.1.0-cut-off.json': {
      loads: [],
      incomplete: ['It was cut off before its time was over.'],
    },
  },
  passing: but({}),
  broken: {
    'a load that was cut off': but({ isComplete: false }),
    'a load that does not say whether it was cut off': JSON.stringify({
      ...good,
      isComplete: undefined,
    }),
    'fewer requests than were due': but({ requests: 9_999, statuses: { 200: 9_999 } }),
    'no requests at all': but({ requests: 0, statuses: {}, ratePerSecond: 0, latencyMs: null }),
    'a dead target': but({
      ...{ failed: 10_000, failures: { refused: 10_000 }, statuses: {} },
      ...{ ratePerSecond: 0, latencyMs: null, serviceMs: null },
    }),
    'half of the rate': but({ durationMs: 20_000, ratePerSecond: 500 }),
    'a rate that its counts do not come to': but({ durationMs: 20_000 }),
    'failures that are not counted': but({ failures: { reset: 1 } }),
    'failures that are not listed': but({ failed: 1 }),
    'more failures than requests': but({ failed: 10_001, failures: { reset: 10_001 } }),
    'one failure where none is allowed': but({
      ...{ failed: 1, failures: { reset: 1 }, ratePerSecond: 999.9 },
    }),
    'answers without a latency': but({ latencyMs: null }),
    'a latency above its limit': but({
      latencyMs: { p50: 1, p75: 2, p90: 3, p95: 201, p99: 201, 'p99.9': 201, max: 201 },
    }),
    'quantiles that are not in order': but({
      latencyMs: { p50: 9, p75: 2, p90: 3, p95: 4, p99: 5, 'p99.9': 6, max: 7 },
    }),
    'a quantile less': but({}).replace('"p95":4,', ''),
    'a generator that did not keep up': but({ generator: { keptUp: false, observed: 'Late.' } }),
    'a generator that says nothing of itself': JSON.stringify({ ...good, generator: undefined }),
    'numbers in words': but({}).replace('"requests":10000', '"requests":"10000"'),
    'the format of another day': but({}).replace('surefoot-load/1', 'surefoot-load/2'),
    'a report of a stress test': but({}).replace('surefoot-load/1', 'surefoot-stress/1'),
    'fields that nobody knows': but({}).replace('{', '{"note":"trust me",'),
    'two reports in a row': `${but({})}\n${but({})}`,
  },
});

test('load: the keys that a report is judged by have the defaults of the protocol', () => {
  assert.deepEqual(reader.rule, {
    ...{ subject: 'load', rateMin: 1_000, errorRateMax: 0, requestsMin: 1 },
    latency: { quantile: 'p95', maxMs: 200 },
  });
});

test('load: a generator that was the limit is an error, and a target that was slow a failure', async () => {
  assert.equal(await outcomeOf('surefoot-0.1.0-overloaded.json'), 'FAIL');
  assert.equal(await outcomeOf('surefoot-0.1.0-refused.json'), 'FAIL');
  assert.equal(await outcomeOf('surefoot-0.1.0-cut-off.json'), 'ERROR');
});

async function outcomeOf(file: string): Promise<string> {
  const bytes = readFileSync(join(import.meta.dirname, 'fixtures', file));
  const tally = newTally();
  for (const fact of await factsIn(reader, bytes)) addFact(tally, fact);
  return judgeReport(reader.rule, tally, {
    ...{ planted: [], apart: null, dated: null, nowMs: 0, baseline: { kind: 'none' } },
  }).outcome;
}

/** What the file itself says, next to what it must come to. */
function loads(file: string, counts: { requests: number; failed: number }): Partial<Tally> {
  const text = readFileSync(join(import.meta.dirname, 'fixtures', file), 'utf8');
  const { durationMs, ratePerSecond, latencyMs, generator, tool } = JSON.parse(text) as LoadReport;
  return {
    ...{ tool, incomplete: [] },
    loads: [
      {
        ...({ kind: 'load', ...counts } as object),
        ...{ ...counts, durationMs, ratePerSecond, latencyMs: latencyMs ?? {}, generator },
      },
    ],
  };
}
