import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeReport } from '../../contract-suites/report.ts';
import { autocannonReport } from './driver.ts';

const reader = autocannonReport.connect(autocannonReport.config.parse({}), {
  stateDirectory: '/nowhere',
});

const fixture = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');
const passing = fixture('autocannon-9.0.0.json');
const tool = { name: 'autocannon', version: null };
const lowest = { 'p0.001': 0, 'p0.01': 0, 'p0.1': 0, p1: 0, 'p2.5': 0, p10: 0, p25: 0, p50: 0 };
const low = { ...lowest, p75: 0, p90: 0, 'p97.5': 0, p99: 0, 'p99.9': 1, 'p99.99': 5 };

function changed(change: (result: Record<string, unknown>) => unknown): string {
  return JSON.stringify(change(JSON.parse(passing) as Record<string, unknown>));
}

describeReport('autocannon', reader, {
  folder: import.meta.dirname,
  expected: {
    'autocannon-9.0.0.json': {
      tool,
      loads: [
        {
          ...{ kind: 'load', requests: 229_598, failed: 0, durationMs: 3_010 },
          ...{ ratePerSecond: 229_598 / 3.01, generator: null },
          latencyMs: { ...low, 'p99.999': 9, max: 9 },
        },
      ],
    },
    'autocannon-9.0.0-errors.json': {
      tool,
      loads: [
        {
          ...{ kind: 'load', requests: 224_739, failed: 22_474, durationMs: 3_010 },
          ...{ ratePerSecond: 202_265 / 3.01, generator: null },
          latencyMs: { ...low, 'p99.999': 5, max: 6 },
        },
      ],
    },
    'autocannon-9.0.0-stalled.json': {
      tool,
      loads: [
        {
          ...{ kind: 'load', requests: 356, failed: 13, durationMs: 6_010 },
          ...{ ratePerSecond: 343 / 6.01, generator: null },
          latencyMs: {
            ...{ 'p0.001': 49, 'p0.01': 49, 'p0.1': 49, p1: 49, 'p2.5': 49, p10: 50, p25: 50 },
            ...{ p50: 50, p75: 51, p90: 51, 'p97.5': 54, p99: 56, 'p99.9': 56, 'p99.99': 56 },
            ...{ 'p99.999': 56, max: 56 },
          },
        },
      ],
    },
    'autocannon-9.0.0-dead.json': {
      tool,
      loads: [
        {
          ...{ kind: 'load', requests: 53_728, failed: 53_728, durationMs: 2_010 },
          ...{ ratePerSecond: 0, latencyMs: {}, generator: null },
        },
      ],
    },
    // Every answer took 50 ms and more, and half of all times are said to be 26 ms at most.
    'autocannon-9.0.0-rate.json': {
      tool,
      loads: [
        {
          ...{ kind: 'load', requests: 66, failed: 0, durationMs: 4_010 },
          ...{ ratePerSecond: 66 / 4.01, latencyMs: { max: 57 }, generator: null },
        },
      ],
    },
  },
  passing,
  broken: {
    'a target where nothing listens': fixture('autocannon-9.0.0-dead.json'),
    'a target that answers 500 at times': fixture('autocannon-9.0.0-errors.json'),
    'a target that stalls': fixture('autocannon-9.0.0-stalled.json'),
    'a rate that was not reached': fixture('autocannon-9.0.0-rate.json'),
    'one error': changed((result) => ({ ...result, errors: 1 })),
    'one answer with another body': changed((result) => ({ ...result, mismatches: 1 })),
    'a redirect that nobody followed': changed((result) => ({
      ...{ ...result, '2xx': 229_597, '3xx': 1, non2xx: 1 },
    })),
    'time-outs that are no errors': changed((result) => ({ ...result, timeouts: 1 })),
    'answers that are in no class': changed((result) => ({ ...result, '2xx': 229_000 })),
    'failures that are not counted': changed((result) => ({
      ...{ ...result, '2xx': 229_000, '5xx': 598 },
    })),
    'a count in words': changed((result) => ({ ...result, errors: '0' })),
    'a result without errors': changed(({ errors: _errors, ...result }) => result),
    'a result without a duration': changed((result) => ({ ...result, duration: 0 })),
    'a result without times': changed((result) => ({ ...result, latency: {} })),
    'quantiles of requests that were never sent': changed(({ latency, ...result }) => ({
      ...{ ...result, latency: { ...(latency as object), totalCount: 300_000, max: 900 } },
    })),
    'results one behind the other': `${passing}${passing}`,
  },
});
