import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { LoadResult } from '../../../core/validation/fact.ts';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { factsIn } from '../../contract-suites/facts-in.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { k6Report } from './driver.ts';

const config = k6Report.config.parse({ rate: 50, latency: '300ms' });
const reader = k6Report.connect(config, { stateDirectory: '/nowhere' });

const fixture = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');
const passing = fixture('k6-export.json');
const tool = { name: 'k6', version: null };

type Metrics = Record<string, Record<string, unknown>>;

/** What `--summary-export` wrote, with other metrics. */
function changed(change: (metrics: Metrics) => object): string {
  const summary = JSON.parse(passing) as { readonly metrics: Metrics };
  return JSON.stringify({ ...summary, metrics: change(summary.metrics) });
}

const changedMetric = (name: string, values: object): string =>
  changed((metrics) => ({ ...metrics, [name]: { ...metrics[name], ...values } }));

/** In the newer form, by its definition of types; `extra`: of `results`. */
function newer(failed: number, extra: object = {}): string {
  return JSON.stringify({
    version: '1.0.0',
    metadata: { generatedAt: '2026-11-28T12:00:00Z', k6Version: '2.0.0' },
    config: { duration: 10.5, execution: 'local' },
    results: {
      metrics: [
        { name: 'http_reqs', type: 'counter', contains: 'default', values: { count: 1_050 } },
        {
          ...{ name: 'http_req_failed', type: 'rate', contains: 'default' },
          values: { matches: failed, total: 1_050, rate: failed / 1_050 },
        },
        {
          ...{ name: 'http_req_duration', type: 'trend', contains: 'time' },
          values: { avg: 9, med: 8, min: 1, max: 90, 'p(90)': 20, 'p(95)': 30 },
        },
      ],
      checks: { metrics: [], results: [{ name: 'status is 200', passes: 1_050, fails: 0 }] },
      ...extra,
    },
  });
}

describeReport('k6', reader, {
  folder: import.meta.dirname,
  expected: {
    'k6-export.json': {
      tool,
      loads: [
        {
          ...{ kind: 'load', requests: 2_890, failed: 0, generator: null },
          durationMs: (2_890 / 93.24447640209767) * 1_000,
          ratePerSecond: (2_890 * 1_000) / ((2_890 / 93.24447640209767) * 1_000),
          latencyMs: {
            ...{ p50: 8.747150000000001, p90: 101.69174999999996 },
            ...{ p95: 234.2639749999996, max: 1_081.7916 },
          },
        },
      ],
      incomplete: [],
    },
    'k6-export-crossed.json': {
      tool,
      loads: [
        {
          ...{ kind: 'load', requests: 388_556, failed: 84_495 },
          durationMs: (388_556 / 8621.047451099874) * 1_000,
          ratePerSecond: (304_061 * 1_000) / ((388_556 / 8621.047451099874) * 1_000),
          latencyMs: {
            ...{ p50: 10.263748, p90: 163.6795025, p95: 269.06783674999986, max: 1_348.382976 },
          },
          generator: { keptUp: false, observed: '277 iterations dropped' },
        },
      ],
      incomplete: ['A threshold of the script was crossed: http_req_duration p(95)<50'],
    },
    'k6-handle-summary.json': {
      tool,
      loads: [
        {
          ...{ kind: 'load', requests: 1_037_438, failed: 0, durationMs: 180_548.6825 },
          ratePerSecond: (1_037_438 * 1_000) / 180_548.6825,
          latencyMs: {
            ...{ p50: 3.3797, p90: 333.4517, p95: 444.7588249999999, p99: 537.871119 },
            max: 1_659.8518,
          },
          generator: { keptUp: false, observed: '12,439 iterations dropped' },
        },
      ],
      incomplete: [],
    },
    'k6-handle-summary-overload.json': {
      tool,
      loads: [
        {
          ...{ kind: 'load', requests: 42_631, failed: 35_348 },
          durationMs: (42_631 / 851.7951626210446) * 1_000,
          ratePerSecond: (7_283 * 1_000) / ((42_631 / 851.7951626210446) * 1_000),
          latencyMs: {
            ...{ p50: 2_000.965619, p90: 3_056.993224, p95: 3_992.9448730000004 },
            ...{ p99: 6_071.633182399985, max: 8_445.459931 },
          },
          generator: { keptUp: false, observed: '2,371 iterations dropped' },
        },
      ],
      incomplete: [],
    },
  },
  passing,
  broken: {
    'a run that dropped iterations': fixture('k6-handle-summary.json'),
    'a run in which most failed': fixture('k6-handle-summary-overload.json'),
    'a threshold that was crossed': changed((metrics) => ({
      ...metrics,
      custom: { count: 1, rate: 1, thresholds: { 'count<1': true } },
    })),
    'a threshold that was crossed, as handleSummary says it': changed((metrics) => ({
      ...metrics,
      custom: { type: 'counter', values: { count: 1 }, thresholds: { 'count<1': { ok: false } } },
    })),
    'a request that failed': changedMetric('http_req_failed', { passes: 1, fails: 2_889 }),
    'a check that failed': changedMetric('checks', { passes: 2_889, fails: 1 }),
    'requests that nobody judged': changedMetric('http_req_failed', { fails: 890 }),
    'a run without a request': changed(({ http_reqs: _none, ...metrics }) => metrics),
    'a run that does not say what failed': changed(({ http_req_failed: _none, ...metrics }) => {
      return metrics;
    }),
    'a run without times': changed(({ http_req_duration: _none, ...metrics }) => metrics),
    'a rate of nothing': changedMetric('http_reqs', { count: 0, rate: 0 }),
    'a count in words': changedMetric('http_reqs', { count: '2890' }),
    'a count below zero': changedMetric('http_req_failed', { passes: -1, fails: 2_891 }),
    'times that are too long': changedMetric('http_req_duration', { 'p(95)': 300.1 }),
    'a failure in the newer form': newer(1),
    'a check that failed in the newer form': newer(0, {
      checks: { results: [{ name: 'status is 200', passes: 1_049, fails: 1 }] },
    }),
    'the newer form without requests': newer(0, { metrics: [] }),
    'a stream of points (--out json)':
      '{"type":"Metric","data":{"name":"http_reqs","type":"counter"},"metric":"http_reqs"}\n{"type":"Point","data":{"value":1},"metric":"http_reqs"}\n',
    'what a script made up itself': '{"status":"PASSED"}',
  },
});

test('a run that does not say how long it took is refused', async () => {
  const text = changedMetric('http_reqs', { rate: 0, count: 0 });

  await assert.rejects(factsIn(reader, text), failsWith('report-invalid', /how long it took/));
});

test('the newer form says its version, and is read as the others are', async () => {
  const load: LoadResult = {
    ...{ requests: 1_050, failed: 21, durationMs: 10_500, ratePerSecond: 98 },
    ...{ latencyMs: { p50: 8, max: 90, p90: 20, p95: 30 }, generator: null },
  };
  assert.deepEqual(await factsIn(reader, newer(21)), [
    { kind: 'tool', name: 'k6', version: '2.0.0' },
    { kind: 'load', ...load },
  ]);
});
