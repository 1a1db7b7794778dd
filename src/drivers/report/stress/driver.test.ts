import type { StressReport } from '../../../core/load/stress-report.ts';
import type { Tally } from '../../../core/validation/tally.ts';
import type { StressResult } from '../../../core/validation/fact.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { stressReport } from './driver.ts';

const asked = stressReport.config.parse({ peak: 200 });
const reader = stressReport.connect(asked, { stateDirectory: '/nowhere' });

type Step = StressReport['steps'][number];

function aStep(askedPerSecond: number, changes: Partial<Step> = {}): Step {
  const requests = askedPerSecond * 5;
  return {
    ...{ askedPerSecond, broken: null, requests, failed: 0, failures: {} },
    ...{ statuses: { 200: requests }, durationMs: 5_000, ratePerSecond: askedPerSecond },
    latencyMs: { p50: 1, p75: 2, p90: 3, p95: 4, p99: 5, 'p99.9': 6, max: 7 },
    serviceMs: { p50: 1, p75: 1, p90: 2, p95: 3, p99: 4, 'p99.9': 5, max: 6 },
    generator: { keptUp: true, observed: 'All well.' },
    own: { cpuShare: 0.2, loopShare: 0.1, lagP99Ms: 2, connections: 10, waited: 0 },
    ...changes,
  };
}

const late = 'At 400/s p95 was 300 ms, where 200 ms are allowed.';

const good: StressReport = {
  format: 'surefoot-stress/1',
  tool: { name: 'surefoot', version: '1.0.0' },
  ...{ startedAt: '2026-11-28T12:00:00.000Z', isComplete: true },
  asked: {
    ...{ url: 'http://127.0.0.1/', method: 'GET', arrivals: 'constant', seed: 1 },
    ...{ connectionsMax: 1_000, timeoutMs: 10_000, expectedStatus: '2xx,3xx' },
    ...{ from: 100, step: 100, to: 500, stepDurationMs: 5_000 },
    ...{ latency: { quantile: 'p95', maxMs: 200 }, errorRateMax: 0.01, recoverWithinMs: 10_000 },
  },
  steps: [aStep(100), aStep(200), aStep(300), aStep(400, { broken: late })],
  ...{ capacityPerSecond: 300, limitedBy: 'target', observed: late, recoveryMs: 500 },
};

function but(changes: Partial<StressReport>): string {
  return JSON.stringify({ ...good, ...changes });
}

function stresses(result: StressResult): Partial<Tally> {
  const fact = { kind: 'stress', ...result } as StressResult;
  return {
    tool: { name: 'surefoot', version: '0.1.0' },
    ...{ stresses: [fact], incomplete: [] },
  };
}

describeReport('stress', reader, {
  folder: import.meta.dirname,
  expected: {
    'surefoot-0.1.0.json': stresses({
      ...{ capacityPerSecond: 250, limitedBy: 'target', recoveryMs: 201 },
      observed: 'At 300/s it gave 253 good answers a second.',
    }),
    'surefoot-0.1.0-all-borne.json': stresses({
      ...{ capacityPerSecond: 600, limitedBy: 'nothing', recoveryMs: 1, observed: null },
    }),
    'surefoot-0.1.0-refused.json': stresses({
      ...{ capacityPerSecond: 0, limitedBy: 'target', recoveryMs: null },
      observed: 'At 200/s it gave 0 good answers a second.',
    }),
    'surefoot-0.1.0-cut-off.json': {
      stresses: [],
      incomplete: ['It was cut off before its time was over.'],
    },
  },
  passing: but({}),
  broken: {
    'a test that was cut off': but({ isComplete: false }),
    'no steps': but({ steps: [], capacityPerSecond: 300 }),
    'a step less': but({ steps: good.steps.filter((_, at) => at !== 1) }),
    'an end before the last step, without a reason': but({
      ...{ steps: good.steps.slice(0, 3), limitedBy: 'nothing', observed: null },
    }),
    'steps beyond the first that was not borne': but({
      steps: [...good.steps, aStep(500)],
    }),
    'a capacity that no step shows': but({ capacityPerSecond: 400 }),
    'a capacity below what is needed': but({
      ...{ steps: [aStep(100), aStep(200, { broken: late })], capacityPerSecond: 100 },
    }),
    'a limit that its steps do not show': but({ limitedBy: 'nothing' }),
    'a generator that was the limit before the capacity was reached': but({
      steps: [
        aStep(100),
        aStep(200, { broken: late, generator: { keptUp: false, observed: 'Late.' } }),
      ],
      ...{ capacityPerSecond: 100, limitedBy: 'generator', observed: 'Late.' },
    }),
    'a target that did not recover': but({ recoveryMs: null }),
    'a target that recovered too late': but({ recoveryMs: 10_001 }),
    'requests that were not made': but({
      steps: [aStep(100), aStep(200, { requests: 10 }), ...good.steps.slice(2)],
    }),
    'half of a step': but({
      steps: [aStep(100), aStep(200, { requests: 500, durationMs: 2_500 }), ...good.steps.slice(2)],
    }),
    'a step of another rate': but({
      steps: [aStep(100, { askedPerSecond: 50 }), ...good.steps.slice(1)],
    }),
    'a step whose counts do not come to its rate': but({
      steps: [aStep(100, { durationMs: 50_000 }), ...good.steps.slice(1)],
    }),
    'a step without a generator': but({}).replace('"generator"', '"producer"'),
    'a recovery in words': but({}).replace('"recoveryMs":500', '"recoveryMs":"500"'),
    'the format of another day': but({}).replace('surefoot-stress/1', 'surefoot-stress/2'),
  },
});
